"""Encoded data says of every interaction what the raw data says, fitted on training alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from search.data import encoders
from search.data.encoded import EncodedData
from search.data.encoding import encode
from search.data.schema import Dataset
from search.data.sources import load
from search.data.splits import Split, split
from search.tensorflow import tf
from spaces.errors import InputError

PARTS = {"train": np.array([0, 1, 2, 4]), "validation": np.array([3]), "test": np.array([5])}


def encoded(dataset: Dataset, spec: Split) -> EncodedData:
    return encode(dataset, split(dataset, spec), fit_on_all=spec.by == "tutorial")


def titles(data: EncodedData) -> list[str]:
    """Each candidate's title again, from its tokens."""
    vocabulary = next(state for state in data.encoders if state["name"] == "title")["vocabulary"]
    words = ["", "[unseen]", *vocabulary]
    return [" ".join(words[token] for token in row).strip() for row in data.candidates["title"]]


def test_positives_name_each_interactions_candidate(tiny: Dataset) -> None:
    data = encode(tiny, PARTS, fit_on_all=False)
    assert data.candidate_ids[data.positives].tolist() == tiny.interactions["film"].tolist()
    assert data.positives.dtype == np.int32


def test_users_are_equal_where_the_raw_users_are(tiny: Dataset) -> None:
    assert encode(tiny, PARTS, fit_on_all=False).users.tolist() == [0, 1, 0, 2, 1, 0]


def test_without_a_user_column_every_interaction_is_its_own_user(tiny: Dataset) -> None:
    nameless = replace(tiny, schema=replace(tiny.schema, user=None))
    assert encode(nameless, PARTS, fit_on_all=False).users.tolist() == [0, 1, 2, 3, 4, 5]


def test_what_training_lacks_is_not_in_the_vocabularies(tiny: Dataset) -> None:
    data = encode(tiny, PARTS, fit_on_all=False)
    assert data.queries["user"].tolist() == [1, 2, 1, 0, 2, 1]  # cay is unseen
    film = dict(zip(data.candidate_ids.tolist(), data.candidates["film"].tolist(), strict=True))
    assert film == {"f1": 1, "f2": 2, "f3": 0, "f4": 0}
    title = dict(zip(data.candidate_ids.tolist(), titles(data), strict=True))
    assert title == {"f1": "the red sea", "f2": "", "f3": "red red", "f4": "[unseen]"}


def test_the_tutorials_protocol_fits_on_everything(tiny: Dataset) -> None:
    data = encode(tiny, PARTS, fit_on_all=True)
    assert data.queries["user"].tolist() == [1, 2, 1, 3, 2, 1]
    assert sorted(data.candidates["film"].tolist()) == [1, 2, 3, 4]
    assert "[unseen]" not in titles(data)


def test_counts_are_of_the_training_part(tiny: Dataset) -> None:
    data = encode(tiny, PARTS, fit_on_all=False)
    counts = dict(zip(data.candidate_ids.tolist(), data.counts.tolist(), strict=True))
    assert counts == {"f1": 2, "f2": 2, "f3": 0, "f4": 0}


def test_the_summary_counts_by_part_and_says_how_much_is_cold(tiny: Dataset) -> None:
    assert encode(tiny, PARTS, fit_on_all=False).summary == {
        "source": "tiny",
        "licence": "public domain",
        "users": {"all": 3, "train": 2, "validation": 1, "test": 1},
        "candidates": {"all": 4, "train": 2, "validation": 1, "test": 1},
        "interactions": {"all": 6, "train": 4, "validation": 1, "test": 1},
        "cold": {
            "validation": {"candidate": 1.0, "user": 1.0},
            "test": {"candidate": 1.0, "user": 0.0},
        },
    }


def test_weights_are_one_on_average_over_the_training_part(tiny: Dataset) -> None:
    weighted = replace(tiny, weights=np.array([1.0, 2.0, 0.0, 10.0, 5.0, 4.0]))
    weights = encode(weighted, PARTS, fit_on_all=False).weights
    assert weights is not None
    assert weights.tolist() == [0.5, 1, 0, 5, 2.5, 2]


def test_weights_that_are_all_0_in_training_are_refused(tiny: Dataset) -> None:
    weighted = replace(tiny, weights=np.array([0.0, 0.0, 0.0, 1.0, 0.0, 1.0]))
    with pytest.raises(InputError) as refused:
        encode(weighted, PARTS, fit_on_all=False)
    assert str(refused.value) == (
        "weight: must be above 0 somewhere in the training part, got 4 times 0; name another "
        "column."
    )


def test_the_catalogues_order_does_not_depend_on_the_input_order(tiny: Dataset) -> None:
    backwards = {name: column[::-1] for name, column in tiny.candidates.items()}
    one = encode(tiny, PARTS, fit_on_all=False)
    two = encode(replace(tiny, candidates=backwards), PARTS, fit_on_all=False)
    assert one.candidate_ids.tolist() == two.candidate_ids.tolist()
    np.testing.assert_array_equal(one.positives, two.positives)
    np.testing.assert_array_equal(one.candidates["title"], two.candidates["title"])


def test_an_interaction_without_its_candidate_is_refused_with_examples(tiny: Dataset) -> None:
    films = np.array(["f1", "x1", "x1", "x2", "x3", "x4"], object)
    broken = replace(tiny, interactions={**tiny.interactions, "film": films})
    message = 'film: each .* in the catalogue, got 5 without it, such as "x1", "x2", "x3";'
    with pytest.raises(InputError, match=message):
        encode(broken, PARTS, fit_on_all=False)


def test_a_catalogue_of_one_candidate_is_refused(tiny: Dataset) -> None:
    one = {name: column[:1] for name, column in tiny.candidates.items()}
    with pytest.raises(InputError) as refused:
        encode(replace(tiny, candidates=one), PARTS, fit_on_all=False)
    assert str(refused.value) == (
        "film: the catalogue must have at least two candidates, got 1; there is nothing to rank."
    )


def test_a_candidate_that_is_there_twice_is_refused(tiny: Dataset) -> None:
    films = np.array(["f1", "f2", "f3", "f1"], object)
    broken = replace(tiny, candidates={**tiny.candidates, "film": films})
    message = (
        'film: a candidate\'s id must be unique in the catalogue, got 1 repeated, such as "f1"'
    )
    with pytest.raises(InputError, match=message):
        encode(broken, PARTS, fit_on_all=False)


def test_encoding_in_bulk_equals_the_rebuilt_encoders_on_raw_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search.data.encoding._CHUNK", 4_096)
    dataset = load("movielens-small")
    data = encoded(dataset, Split())
    catalogue = dataset.candidates["movie_id"].tolist()
    order = [catalogue.index(candidate) for candidate in data.candidate_ids]
    some = np.random.default_rng(0).choice(len(data.positives), 500)
    for state in data.encoders:
        query = state["side"] == "query"
        raw = (
            dataset.interactions[state["column"]][some]
            if query
            else (dataset.candidates[state["column"]][order])
        )
        for name, column in encoders.build(state)(tf.constant(raw)).items():
            bulk = data.queries[name][some] if query else data.candidates[name]
            np.testing.assert_array_equal(bulk, column)


def test_the_embedded_data_has_unseen_films_and_films_without_title() -> None:
    data = encoded(load("movielens-small"), Split())
    assert data.n_candidates == 9_066
    assert (data.candidates["title"].sum(axis=1) == 0).sum() == 5
    unseen = data.candidates["movie_id"][data.counts == 0]
    assert len(unseen) > 500
    assert not unseen.any()
    for column in data.columns:
        values = (data.queries if column.side == "query" else data.candidates)[column.name]
        assert values.dtype == (np.float32 if column.form == "scaled" else np.int32)
        assert column.form == "scaled" or values.max() < column.rows


def test_the_tutorials_data_and_its_most_popular_hundred(movielens_100k: Dataset) -> None:
    data = encoded(movielens_100k, Split(by="tutorial"))
    assert data.n_candidates == 1_664
    assert len(np.unique(data.users)) == 943
    assert [len(rows) for rows in data.parts.values()] == [80_000, 20_000, 0]
    assert {column.name: column.rows for column in data.columns if not column.optional} == {
        "user_id": 944,
        "timestamp.bucket": 1_001,
        "timestamp.scaled": 0,
        "movie_title": 1_665,
        "title": 2_467,
    }
    popular = np.argsort(-data.counts, kind="stable")[:100]
    hits = np.isin(data.positives[data.parts["validation"]], popular)
    assert hits.mean() == pytest.approx(0.2989)
