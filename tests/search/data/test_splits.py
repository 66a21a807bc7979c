"""Splits are disjoint, complete and repeatable, and each method cuts where it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.data.schema import Dataset, Schema
from search.data.splits import Split, for_the_test, split
from search.tensorflow import tf
from spaces.errors import InputError


def interactions(users: list[str], times: list[int]) -> Dataset:
    columns = {
        "user": np.array(users, object),
        "when": np.array(times, np.int64),
        "film": np.array(["f"] * len(users), object),
    }
    return Dataset("made", Schema((), "film", "user", "when"), columns, {})


histories = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 9)), min_size=10).map(
    lambda rows: interactions([user for user, _ in rows], [time for _, time in rows])
)
moving = histories.filter(lambda dataset: len(set(dataset.interactions["when"].tolist())) > 1)


@given(dataset=moving, by=st.sampled_from(["random", "temporal"]), seed=st.integers(0, 99))
@settings(max_examples=50, deadline=None)
def test_parts_are_disjoint_complete_ascending_and_repeatable(
    dataset: Dataset, by: Any, seed: int
) -> None:
    spec = Split(by=by, seed=seed)
    parts, again = split(dataset, spec), split(dataset, spec)
    together = np.concatenate(list(parts.values()))
    assert list(parts) == ["train", "validation", "test"]
    assert sorted(together) == list(range(len(dataset.interactions["film"])))
    for name, rows in parts.items():
        assert rows.dtype == np.int64
        assert np.all(np.diff(rows) > 0)
        np.testing.assert_array_equal(rows, again[name])


@given(dataset=moving)
@settings(max_examples=50, deadline=None)
def test_nothing_in_training_is_later_than_the_parts_that_follow(dataset: Dataset) -> None:
    parts = split(dataset, Split(by="temporal", train=0.6, validation=0.2, test=0.2))
    train, validation, test = (dataset.interactions["when"][parts[name]] for name in parts)
    assert train.max() <= validation.min()
    assert validation.max() <= test.min()


@given(dataset=histories)
@settings(max_examples=50, deadline=None)
def test_every_user_has_one_test_row_and_it_is_a_latest_one(dataset: Dataset) -> None:
    users, times = dataset.interactions["user"], dataset.interactions["when"]
    try:
        parts = split(dataset, Split(by="leave_last_out"))
    except InputError:
        assert max(np.unique(users, return_counts=True)[1]) < 3
        return
    assert sorted(users[parts["test"]]) == sorted(set(users))
    assert len(set(users[parts["validation"]])) == len(parts["validation"])
    for row in parts["test"]:
        assert times[row] == times[users == users[row]].max()


def test_shares_give_the_sizes() -> None:
    parts = split(interactions(["a"] * 20, [0] * 20), Split(train=0.7, validation=0.2, test=0.1))
    assert [len(rows) for rows in parts.values()] == [14, 4, 2]


def test_the_test_part_may_be_empty() -> None:
    parts = split(interactions(["a"] * 10, [0] * 10), Split(train=0.9, validation=0.1, test=0))
    assert [len(rows) for rows in parts.values()] == [9, 1, 0]


def test_another_seed_gives_another_random_split() -> None:
    dataset = interactions(["a"] * 50, [0] * 50)
    one, two = (split(dataset, Split(seed=seed))["train"] for seed in (1, 2))
    assert one.tolist() != two.tolist()


def test_equal_times_keep_the_order_of_the_rows() -> None:
    dataset = interactions(["a"] * 5, [3, 1, 3, 1, 3])
    parts = split(dataset, Split(by="temporal", train=0.6, validation=0.2, test=0.2))
    assert [rows.tolist() for rows in parts.values()] == [[0, 1, 3], [2], [4]]


def test_leave_last_out_takes_the_last_and_the_one_before(tiny: Dataset) -> None:
    parts = split(tiny, Split(by="leave_last_out"))
    # by time: ann 2, 0, 5; bob 1, 4; cay 3
    assert [rows.tolist() for rows in parts.values()] == [[2], [0, 1], [3, 4, 5]]


def test_the_tutorial_split_is_the_tutorials_own_shuffle() -> None:
    length = 1000
    parts = split(interactions(["a"] * length, [0] * length), Split(by="tutorial"))
    tf.random.set_seed(42)
    rows = tf.data.Dataset.range(length)
    rows = rows.shuffle(100_000, seed=42, reshuffle_each_iteration=False)
    assert parts["train"].tolist() == sorted(rows.take(800).as_numpy_iterator())
    assert parts["validation"].tolist() == sorted(rows.skip(800).as_numpy_iterator())
    assert len(parts["test"]) == 0


def test_the_tutorial_split_leaves_the_global_seed_alone(tiny: Dataset) -> None:
    tf.random.set_seed(7)
    alone = tf.random.uniform([3]).numpy()
    tf.random.set_seed(7)
    split(tiny, Split(by="tutorial"))
    np.testing.assert_array_equal(tf.random.uniform([3]).numpy(), alone)


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"by": "user"}, "split: by must be one of random, temporal, .*, got 'user'"),
        ({"train": 1.5}, "split: train must be above 0 and below 1, got 1.5"),
        ({"validation": 0}, "split: validation must be above 0 and below 1, got 0"),
        ({"test": -0.1}, "split: test must be at least 0 and below 1, got -0.1"),
        ({"test": 0.2}, r"must sum to 1, got 0.8 \+ 0.1 \+ 0.2 = 1.1"),
        ({"seed": -1}, "split: seed must be a whole number from 0, got -1"),
    ],
)
def test_a_wrong_split_is_refused_in_a_sentence(given_: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Split(**given_)


def test_an_empty_part_is_refused(tiny: Dataset) -> None:
    message = 'the validation part must not be empty, got 0 of 6 interactions by "random"'
    with pytest.raises(InputError, match=message):
        split(tiny, Split(train=0.95, validation=0.04, test=0.01))


@pytest.mark.parametrize(
    ("by", "role"), [("temporal", "time"), ("leave_last_out", "user"), ("leave_last_out", "time")]
)
def test_a_split_that_lacks_its_column_is_refused(tiny: Dataset, by: Any, role: str) -> None:
    schema = tiny.schema
    schema = replace(schema, user=None) if role == "user" else replace(schema, time=None)
    without = replace(tiny, schema=schema)
    with pytest.raises(InputError, match=f'by = "{by}" needs a {role} column, and tiny names none'):
        split(without, Split(by=by))


def test_a_split_by_time_that_lacks_some_times_is_refused(tiny: Dataset) -> None:
    times = np.array([50, np.nan, 30, 40, np.nan, 60])
    with pytest.raises(InputError) as refused:
        split(
            replace(tiny, interactions={**tiny.interactions, "when": times}), Split(by="temporal")
        )
    assert str(refused.value) == (
        'split: by = "temporal" needs the time of every interaction, and tiny lacks 2; fill when '
        'or choose by = "random".'
    )


def test_a_split_by_time_that_stands_still_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        split(interactions(["a"] * 10, [7] * 10), Split(by="temporal"))
    assert str(refused.value) == (
        'split: by = "temporal" needs times that differ, and all of made are 7; choose by = '
        '"random".'
    )


def test_only_the_settings_that_a_method_reads_are_told() -> None:
    shares = {"train": 0.8, "validation": 0.1, "test": 0.1}
    assert Split(by="random", seed=3).acting == {"by": "random", **shares, "seed": 3}
    assert Split(by="temporal").acting == {"by": "temporal", **shares}
    assert Split(by="leave_last_out").acting == {"by": "leave_last_out"}


def test_for_the_test_validation_is_trained_on_as_well() -> None:
    parts = {"train": np.array([0, 4]), "validation": np.array([1, 5]), "test": np.array([2, 3])}
    found = for_the_test(parts, Split())
    assert {name: rows.tolist() for name, rows in found.items()} == {
        "train": [0, 1, 4, 5],
        "validation": [],
        "test": [2, 3],
    }


def test_without_a_test_part_there_is_nothing_to_confirm_on() -> None:
    parts = {"train": np.array([0]), "validation": np.array([1]), "test": np.array([], np.int64)}
    with pytest.raises(
        InputError, match=r'split: by = "tutorial" keeps no test part to confirm on'
    ):
        for_the_test(parts, Split(by="tutorial"))
