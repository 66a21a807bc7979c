"""A tower has the layers that its configuration says, and computes what NumPy computes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.special import erf, expit

from search.data.schema import Column
from search.tensorflow import tf
from search.towers.tower import Tower
from search.towers.weights import initialise
from spaces import TowerConfig
from tests.search.examples import BATCH, CANDIDATES, DATA, config, knobs_of, model, vectors

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "relu": lambda x: np.maximum(x, 0),
    "gelu": lambda x: x * (1 + erf(x / np.sqrt(2))) / 2,
    "swish": lambda x: x * expit(x),
    "tanh": np.tanh,
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "selu": lambda x: 1.05070098 * np.where(x > 0, x, 1.67326324 * np.expm1(np.minimum(x, 0))),
}


def kernels(tower: Tower) -> list[tuple[int, ...]]:
    """The shapes of the dense layers' kernels, first to last."""
    return [tuple(w.shape) for w in tower.trainable_variables if "kernel" in w.name]


def sizes(tower: Tower) -> list[int]:
    return [units for _, units in kernels(tower)]


def query_inputs(tower: Tower) -> Any:
    """What enters the query tower's first dense layer, by hand."""
    users, buckets = (table.numpy() for table in tower.trainable_variables[:2])
    user, bucket, scaled = (BATCH[0][column.name].numpy() for column in DATA.columns[:3])
    return np.concatenate([users[user], buckets[bucket], scaled[:, None]], axis=1)


def dense_layers(tower: Tower) -> list[tuple[Any, Any]]:
    """The kernels and biases of a query tower."""
    weights = [weight.numpy() for weight in tower.trainable_variables[2:]]
    return list(zip(weights[::2], weights[1::2], strict=True))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"depth": 1, "output_dim": 32}, [32]),
        ({"depth": 2, "width": 7, "output_dim": 5}, [7, 5]),
        ({"depth": 4, "width": 7, "output_dim": 5}, [7, 7, 7, 5]),
        ({"depth": 3, "taper": "halving", "output_dim": 32}, [128, 64, 32]),
        ({"depth": 1, "output_dim": 6}, [6]),
    ],
)
def test_depth_width_taper_and_output_dim_decide_the_layers_of_both_towers(
    given: dict[str, Any], expected: list[int]
) -> None:
    two_tower = model(**given)
    assert sizes(two_tower.query_tower) == expected
    assert sizes(two_tower.candidate_tower) == expected


@pytest.mark.parametrize(
    ("given", "query", "candidate"),
    [
        ({"query_depth": 3, "candidate_depth": 1}, [64, 64, 4], [4]),
        ({"depth": 2, "query_width": 5, "candidate_width": 9}, [5, 4], [9, 4]),
        ({"depth": 3, "width": 5, "candidate_taper": "halving"}, [5, 5, 4], [16, 8, 4]),
    ],
)
def test_a_tower_may_have_axes_of_its_own(
    given: dict[str, Any], query: list[int], candidate: list[int]
) -> None:
    two_tower = model(**given)
    assert sizes(two_tower.query_tower) == query
    assert sizes(two_tower.candidate_tower) == candidate


def test_a_tower_may_have_an_activation_of_its_own() -> None:
    given: dict[str, Any] = {"depth": 2, "query_activation": "relu", "width": 8}
    same = vectors(model(**given, candidate_activation="relu"), BATCH)
    other = vectors(model(**given, candidate_activation="tanh"), BATCH)
    np.testing.assert_array_equal(same[0], other[0])
    assert not np.allclose(same[1], other[1])


def test_embedding_dim_is_the_width_of_every_embedding() -> None:
    two_tower = model(embedding_dim=6)
    assert kernels(two_tower.query_tower) == [(6 + 6 + 1, 4)]
    assert kernels(two_tower.candidate_tower) == [(6 + 6, 4)]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_tower_is_dense_layers_over_the_concatenated_features(activation: str) -> None:
    tower = model(depth=3, width=8, activation=activation).query_tower
    (first, a), (second, b), (last, c) = dense_layers(tower)
    act = ACTIVATIONS[activation]
    expected = act(act(query_inputs(tower) @ first + a) @ second + b) @ last + c
    np.testing.assert_allclose(tower(BATCH[0]), expected, rtol=1e-4, atol=1e-5)


def test_there_is_no_activation_after_the_last_layer() -> None:
    query, candidate = vectors(model(), BATCH)
    assert query.min() < 0 < query.max()
    assert candidate.min() < 0 < candidate.max()


def test_candidates_embed_their_id_and_the_mean_of_their_title() -> None:
    tower = model().candidate_tower
    films, titles, kernel, _ = (weight.numpy() for weight in tower.trainable_variables)
    tokens: Any = DATA.candidates["title"]
    total = (titles[tokens] * (tokens > 0)[..., None]).sum(axis=1)
    mean = total / np.maximum((tokens > 0).sum(axis=1), 1)[:, None]
    joined = np.concatenate([films[DATA.candidates["film"]], mean], axis=1)
    expected = joined @ kernel
    np.testing.assert_allclose(tower(DATA.candidates), expected, rtol=1e-4, atol=1e-5)
    assert expected.shape == (CANDIDATES, 4)


def test_normalize_gives_vectors_of_length_one_in_the_same_direction() -> None:
    plain, unit = model().query_tower, model(normalize=True).query_tower
    expected = plain(BATCH[0]).numpy()
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(unit(BATCH[0]), expected, rtol=1e-5)


def test_dropout_changes_training_and_not_evaluation() -> None:
    plain, dropping = model(), model(dropout=0.5)
    for name in ("query_tower", "candidate_tower"):
        inputs = BATCH[0] if name == "query_tower" else DATA.candidates
        expected = getattr(plain, name)(inputs)
        np.testing.assert_array_equal(getattr(dropping, name)(inputs), expected)
        assert not np.allclose(getattr(dropping, name)(inputs, training=True), expected)


def test_every_dropout_layer_of_the_two_towers_has_a_mask_of_its_own() -> None:
    two_tower = model(dropout=0.5, query_depth=3, candidate_depth=2)
    towers = two_tower.query_tower, two_tower.candidate_tower
    layers = [layer for tower in towers for layer in tower.submodules if "dropout" in layer.name]
    ones = np.ones((4, 50), np.float32)
    masks = {layer(ones, training=True).numpy().tobytes() for layer in layers}
    assert len(layers) == len(masks) == 5


def test_id_dropout_trains_the_row_of_unknown_ids_and_no_other_that_the_batch_lacks() -> None:
    for rate, trained in ((0.0, set()), (0.5, {0})):
        two_tower = model(id_dropout=rate, query_features="user", candidate_features="film")
        with tf.GradientTape() as tape:
            loss = two_tower.compute_loss(BATCH, training=True)
        tables = [tower.trainable_variables[0] for tower in (two_tower.query_tower,)]
        (gradient,) = tape.gradient(loss, tables)
        touched = set(np.flatnonzero(tf.convert_to_tensor(gradient).numpy().any(axis=1)).tolist())
        assert touched - set(BATCH[0]["user"].numpy().tolist()) == trained


def test_id_dropout_spares_time_buckets_and_masks_every_id_on_its_own() -> None:
    two_tower = model(id_dropout=0.5)
    towers = two_tower.query_tower, two_tower.candidate_tower
    layers = [layer for tower in towers for layer in tower.submodules if "dropout" in layer.name]
    ids = tf.range(1, 200)
    assert len({layer(ids, training=True).numpy().tobytes() for layer in layers}) == 2


def test_l2_penalises_kernels_and_the_mean_of_the_embedded_rows() -> None:
    tower = model(l2=0.01, depth=2, width=8).query_tower
    tower(BATCH[0])
    embedded = (query_inputs(tower) ** 2).sum(axis=1).mean()
    squares = sum((kernel**2).sum() for kernel, _ in dense_layers(tower))
    assert sum(float(loss) for loss in tower.losses) == pytest.approx(
        0.01 * (embedded + squares), rel=1e-5
    )


def test_without_l2_nothing_is_penalised() -> None:
    assert model(depth=2).losses == []


@pytest.mark.parametrize("name", ["user id", "ব্যবহারকারী", "a/b", "when?", "kernel"])
@pytest.mark.parametrize("form", ["index", "tokens", "scaled"])
def test_a_column_may_have_any_name(name: str, form: Any) -> None:
    column = Column(name, "query", form, rows=5)
    tower = Tower("query", [column], config(), knobs_of(config()))
    values = {"index": [1, 2], "tokens": [[1, 2], [3, 0]], "scaled": [0.5, 1.5]}[form]
    assert tf.function(tower)({name: tf.constant(values)}).shape == (2, 4)
    initialise(tower.trainable_variables, 0)
    assert np.std(tower({name: tf.constant(values)})) > 0


def test_depth_1_of_the_seed_has_the_weights_of_one_dense_layer() -> None:
    tower = Tower("candidate", DATA.columns, TowerConfig(depth=1), knobs_of(config()))
    tower(DATA.candidates)
    assert [tuple(weight.shape) for weight in tower.trainable_variables] == [
        (CANDIDATES + 1, 32),
        (12, 32),
        (64, 32),
        (32,),
    ]
