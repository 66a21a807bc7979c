"""The losses, against NumPy and against a retrieval task set up by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.special import logsumexp, softmax

from search.tensorflow import keras, tf, tfrs
from search.towers.model import TwoTower
from tests.search.examples import BATCH, CANDIDATES, DATA, batch, config, knobs_of, model, vectors

POSITIVES = BATCH[1].numpy()
ROWS = np.arange(len(POSITIVES))
WEIGHTS = np.random.default_rng(0).uniform(0, 2, len(POSITIVES)).astype(np.float32)
LOGQ = np.log(DATA.counts / DATA.counts.sum())

IN_BATCH: list[dict[str, Any]] = [
    {"negatives": "in_batch"},
    {"negatives": "in_batch", "reduction": "sum"},
    {"negatives": "in_batch", "temperature": 0.5},
    {"negatives": "in_batch", "normalize": True, "temperature": 0.2},
    {"negatives": "in_batch", "remove_accidental_hits": True},
    {"negatives": "in_batch", "hard_negatives": 3},
    {"negatives": "in_batch", "hard_negatives": 1000},
    {"negatives": "in_batch_logq"},
    {"negatives": "in_batch_logq", "reduction": "sum", "temperature": 2.0},
    {"negatives": "in_batch_logq", "remove_accidental_hits": True, "hard_negatives": 5},
    {"negatives": "in_batch_logq", "batch_size": 20},
]
FULL: list[dict[str, Any]] = [
    {"negatives": "full_softmax"},
    {"negatives": "full_softmax", "reduction": "sum"},
    {"negatives": "full_softmax", "temperature": 0.5},
]


def name_of(given: dict[str, Any]) -> str:
    return "-".join(str(value) for value in given.values())


def in_batch_loss(queries: Any, candidates: Any, given: dict[str, Any]) -> Any:
    """Each query's softmax cross-entropy against the candidates of its batch."""
    scores = queries @ candidates.T / given.get("temperature", 1.0)
    if given["negatives"] == "in_batch_logq":
        scores = scores - LOGQ[POSITIVES]
    if given.get("remove_accidental_hits"):
        scores[(POSITIVES[:, None] == POSITIVES) & ~np.eye(len(ROWS), dtype=bool)] = -np.inf
    own = np.diag(scores).copy()
    np.fill_diagonal(scores, -np.inf)
    hardest = np.sort(scores, axis=1)[:, -(given.get("hard_negatives") or len(ROWS)) :]
    return logsumexp(np.column_stack([own, hardest]), axis=1) - own


def full_loss(queries: Any, candidates: Any, given: dict[str, Any]) -> Any:
    """Each query's softmax cross-entropy against the whole catalogue."""
    scores = queries @ candidates.T / given.get("temperature", 1.0)
    return logsumexp(scores, axis=1) - scores[ROWS, POSITIVES]


def reduced(losses: Any, given: dict[str, Any]) -> float:
    return float(losses.sum() if given.get("reduction") == "sum" else losses.mean())


def tfrs_loss(queries: Any, candidates: Any, given: dict[str, Any], weights: Any = None) -> Any:
    """The same by a retrieval task of the library, set up here."""
    mean = keras.losses.Reduction.SUM_OVER_BATCH_SIZE
    task = tfrs.tasks.Retrieval(
        loss=None
        if given.get("reduction") == "sum"
        else keras.losses.CategoricalCrossentropy(from_logits=True, reduction=mean),
        temperature=given.get("temperature"),
        num_hard_negatives=given.get("hard_negatives"),
        remove_accidental_hits=given.get("remove_accidental_hits", False),
    )
    probabilities = np.exp(LOGQ[POSITIVES]).astype(np.float32)
    corrected = given["negatives"] == "in_batch_logq"
    return task(
        queries,
        candidates,
        candidate_sampling_probability=probabilities if corrected else None,
        candidate_ids=tf.constant(POSITIVES),
        sample_weight=weights,
        compute_metrics=False,
    )


@pytest.mark.parametrize("given", IN_BATCH, ids=name_of)
def test_an_in_batch_loss_is_the_softmax_over_the_batch_s_candidates(given: dict[str, Any]) -> None:
    two_tower = model(**given)
    queries, candidates = vectors(two_tower, BATCH)
    expected = reduced(in_batch_loss(queries, candidates[POSITIVES], given), given)
    assert float(two_tower.compute_loss(BATCH)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["alike", "weighted"])
@pytest.mark.parametrize("given", IN_BATCH, ids=name_of)
def test_in_batch_losses_and_gradients_are_those_of_a_tfrs_retrieval_task(
    given: dict[str, Any], weights: Any
) -> None:
    two_tower = model(depth=2, width=8, activation="tanh", **given)
    variables = two_tower.trainable_variables
    with tf.GradientTape(persistent=True) as tape:
        candidates = two_tower.candidate_tower(
            {name: tf.gather(column, POSITIVES) for name, column in DATA.candidates.items()}
        )
        queries = two_tower.query_tower(BATCH[0])
        losses = (
            two_tower.compute_loss((*BATCH, weights)),
            tfrs_loss(queries, candidates, given, weights),
        )
    assert float(losses[0]) == pytest.approx(float(losses[1]), rel=1e-5)
    ours, theirs = ([*map(tf.convert_to_tensor, tape.gradient(loss, variables))] for loss in losses)
    bound = 1e-5 * max(float(tf.reduce_max(tf.abs(gradient))) for gradient in theirs)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=bound)


@pytest.mark.parametrize("given", FULL, ids=name_of)
def test_the_full_softmax_is_taken_over_the_catalogue(given: dict[str, Any]) -> None:
    two_tower = model(**given)
    losses = full_loss(*vectors(two_tower, BATCH), given)
    found = float(two_tower.compute_loss(BATCH))
    assert found == pytest.approx(reduced(losses, given), rel=1e-5)
    weighted = float(two_tower.compute_loss((*BATCH, WEIGHTS)))
    assert weighted == pytest.approx(reduced(WEIGHTS * losses, given), rel=1e-5)


@pytest.mark.parametrize(
    "given",
    [{"remove_accidental_hits": True}, {"hard_negatives": 3}, {"temperature": 0.5}],
    ids=name_of,
)
def test_what_shapes_the_loss_changes_it(given: dict[str, Any]) -> None:
    plain, shaped = model(negatives="in_batch"), model(negatives="in_batch", **given)
    assert float(plain.compute_loss(BATCH)) != pytest.approx(float(shaped.compute_loss(BATCH)))


def test_the_three_negatives_are_three_losses() -> None:
    losses = {
        float(model(negatives=negatives).compute_loss(BATCH))
        for negatives in ("in_batch", "in_batch_logq", "full_softmax")
    }
    assert len(losses) == 3


def test_logq_counts_a_candidate_that_training_never_saw_as_seen_once() -> None:
    positive = int(DATA.positives[0])
    counts = np.where(np.arange(CANDIDATES) == positive, 0, DATA.counts)
    data = replace(DATA, counts=counts)
    two_tower = TwoTower(data, config(), knobs_of(config()))
    queries, candidates = vectors(two_tower, inputs := batch([0, 1]))
    scores = queries @ candidates[DATA.positives[:2]].T
    scores -= np.log(np.maximum(counts, 1)[DATA.positives[:2]])
    expected = (logsumexp(scores, axis=1) - np.diag(scores)).mean()
    assert float(two_tower.compute_loss(inputs)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("given", [*IN_BATCH, *FULL], ids=name_of)
def test_gradients_are_finite_and_reach_every_weight(given: dict[str, Any]) -> None:
    two_tower = model(depth=2, width=8, activation="tanh", dropout=0.2, l2=0.01, **given)
    with tf.GradientTape() as tape:
        loss = two_tower.compute_loss(BATCH, training=True) + tf.add_n(two_tower.losses)
    gradients = tape.gradient(loss, two_tower.trainable_variables)
    for gradient in gradients:
        values = tf.convert_to_tensor(gradient).numpy()
        assert np.isfinite(values).all()
        assert values.any()


def test_the_full_softmax_s_gradient_is_the_weighted_probability_less_the_positive() -> None:
    two_tower = model(negatives="full_softmax")
    queries, candidates = vectors(two_tower, BATCH)
    bias = two_tower.query_tower.trainable_variables[-1]
    with tf.GradientTape() as tape:
        loss = two_tower.compute_loss((*BATCH, WEIGHTS))
    surplus = softmax(queries @ candidates.T, axis=1)
    surplus[ROWS, POSITIVES] -= 1.0
    expected = (WEIGHTS[:, None] * (surplus @ candidates)).mean(axis=0)
    np.testing.assert_allclose(tape.gradient(loss, bias), expected, rtol=1e-3, atol=1e-5)


def test_a_positive_that_the_batch_holds_twice_is_an_accidental_hit() -> None:
    twice = batch(np.repeat(DATA.parts["train"][:1], 2))
    kept = model(negatives="in_batch").compute_loss(twice)
    removed = model(negatives="in_batch", remove_accidental_hits=True).compute_loss(twice)
    assert float(kept) == pytest.approx(np.log(2))
    assert float(removed) == pytest.approx(0.0, abs=1e-6)


def test_two_positives_of_one_query_are_two_examples_each_a_negative_of_the_other() -> None:
    columns = {name: column[[0, 0]] for name, column in DATA.queries.items()}
    two_tower = model(negatives="in_batch", reduction="sum")
    queries, candidates = vectors(two_tower, (columns, None))
    first, second = queries[0] @ candidates[3], queries[0] @ candidates[8]
    expected = 2 * np.logaddexp(first, second) - first - second
    assert float(two_tower.compute_loss((columns, tf.constant([3, 8])))) == pytest.approx(expected)


def test_a_batch_smaller_than_the_catalogue_embeds_its_own_candidates_to_the_same_loss() -> None:
    small, large = model(batch_size=20), model(batch_size=100)
    assert float(small.compute_loss(BATCH)) == pytest.approx(
        float(large.compute_loss(BATCH)), rel=1e-5
    )
