from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reports.columns import columns, depth_key, five_digits
from search.records import StudyRecord, TrialRecord
from tests.reports.studies import awkward, study


def of(*trials: TrialRecord, **changes: Any) -> dict[str, Any]:
    record = StudyRecord("s", ("mrr",), ("max",), 9, trials=trials)
    return dict(columns(replace(record, **changes)))


def complete(number: int, value: float | None, **params: Any) -> TrialRecord:
    return TrialRecord(number, "complete", params=params, value=value)


def test_every_column_has_one_value_a_trial() -> None:
    assert {len(column["values"]) for column in columns(study(30)).values()} == {30}


def test_a_conditional_parameter_is_none_where_it_is_absent() -> None:
    table = of(complete(0, 0.1, momentum=0.9), complete(1, 0.2))
    assert table["params.momentum"]["values"] == [0.9, None]


def test_floats_keep_five_significant_digits() -> None:
    assert [five_digits(v) for v in (0.123456789, 7, "a", float("nan"))] == [0.12346, 7, "a", None]


def test_a_parameter_is_logarithmic_where_its_space_is() -> None:
    table = columns(study(5))
    assert table["params.learning_rate"]["log"]
    assert not table["params.dropout"]["log"]


def test_booleans_and_mixtures_are_text() -> None:
    table = of(complete(0, 0.1, normalize=True, width="a"), complete(1, 0.1, width=3))
    assert table["params.normalize"]["values"] == ["true", None]
    assert table["params.width"]["values"] == ["a", "3"]


def test_the_first_objective_is_not_repeated_among_the_metrics() -> None:
    assert "metrics.top_100_accuracy" not in columns(study(5))


def test_further_objectives_have_columns_of_their_own() -> None:
    record = awkward("two objectives")
    seconds = columns(record)["values.train_seconds"]["values"]
    assert seconds == [five_digits(t.cost["train_seconds"]) for t in record.trials]


@pytest.mark.parametrize(
    ("params", "config", "depth"),
    [
        ({"depth": 2}, {}, 2),
        ({}, {"depth": 3, "query_depth": None}, 3),
        ({}, {"depth": 3, "query_depth": 3, "candidate_depth": 3}, 3),
        ({"query_depth": 2, "candidate_depth": 2}, {}, "2+2"),
        ({"query_depth": 1}, {"depth": 3}, "1+3"),
        ({}, {}, None),
    ],
)
def test_depth_is_one_number_or_that_of_each_tower(
    params: dict[str, Any], config: dict[str, Any], depth: int | str | None
) -> None:
    trial = TrialRecord(0, "complete", params=params, config=config)
    assert of(trial)["depth"]["values"] == [depth]


def test_split_depths_are_ordered_by_their_sum() -> None:
    assert sorted(["2+3", "1+1", "3+1", "1+3"], key=depth_key) == ["1+1", "1+3", "3+1", "2+3"]


def test_ranks_follow_the_direction() -> None:
    trials = [complete(0, 0.2), complete(1, None), complete(2, 0.9)]
    assert of(*trials)["rank"]["values"] == [1, None, 0]
    assert of(*trials, directions=("min",))["rank"]["values"] == [0, None, 1]


def test_tiers_are_fifths_of_the_ranking() -> None:
    trials = [complete(n, n / 10) for n in range(10)]
    assert of(*trials)["tier"]["values"] == [4, 4, 3, 3, 2, 2, 1, 1, 0, 0]


def test_jitter_stays_within_its_depth_and_is_the_same_each_time() -> None:
    first, again = columns(study(100)), columns(study(100))
    assert first["depth_jittered"] == again["depth_jittered"]
    pairs = zip(first["depth_place"]["values"], first["depth_jittered"]["values"], strict=True)
    assert all(abs(place - jittered) <= 0.25 for place, jittered in pairs)


def test_seconds_are_between_start_and_finish() -> None:
    started, finished = "2026-03-01T09:00:00+00:00", "2026-03-01T09:01:30+00:00"
    trial = TrialRecord(0, "complete", started=started, finished=finished)
    assert of(trial)["seconds"]["values"] == [90.0]


def test_a_very_long_error_is_shortened_and_says_so() -> None:
    error = of(TrialRecord(0, "failed", error="x" * 2_500))["error"]["values"][0]
    assert error == "x" * 2_000 + "… (500 more characters)"


def test_what_breaks_a_constraint_is_not_on_the_front() -> None:
    points = [(0.9, 5.0, 1.0), (0.5, 7.0, 0.0), (0.4, 8.0, 0.0)]
    trials = [
        TrialRecord(n, "complete", value=value, values=[value, cost], constraints={"bytes": excess})
        for n, (value, cost, excess) in enumerate(points)
    ]
    made = columns(StudyRecord("s", ("mrr", "parameters"), ("max", "min"), 3, trials=trials))
    assert made["front"]["values"] == [None, 1, None]


def test_equals_by_the_first_objective_are_ranked_by_the_next() -> None:
    trials = [TrialRecord(n, "complete", value=0.5, values=[0.5, 7.0 - n]) for n in range(2)]
    made = columns(StudyRecord("s", ("mrr", "parameters"), ("max", "min"), 2, trials=trials))
    assert made["rank"]["values"] == [1, 0]
