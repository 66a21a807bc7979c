from __future__ import annotations

import json
import tomllib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import summarize
from reports.statistics import accuracy_error
from reports.summarize import CURVES, Best
from search.records import StudyRecord, TrialRecord
from tests.reports.studies import AWKWARD, awkward, of_values, study


def _best(record: StudyRecord) -> Best:
    found = summarize(record)["best"]
    assert found is not None
    return found


@pytest.mark.parametrize("name", AWKWARD)
def test_an_awkward_study_is_json_without_nan(name: str) -> None:
    summary = summarize(awkward(name))
    assert json.loads(json.dumps(summary, allow_nan=False))["objective"] == summary["objective"]


def test_every_state_is_counted() -> None:
    counts = summarize(study(60))["counts"]
    assert list(counts) == ["complete", "pruned", "failed", "running", "waiting"]
    assert sum(counts.values()) == 60


def test_the_best_trial_is_completed_though_a_pruned_one_was_better() -> None:
    record = study(2)
    first, second = (replace(t, state="complete") for t in record.trials)
    pruned = replace(first, state="pruned", value=0.99)
    assert _best(replace(record, trials=(pruned, second)))["number"] == second.number


def test_the_best_of_a_loss_is_the_lowest() -> None:
    assert _best(of_values([0.3, 0.1, 0.2], [1, 1, 1], directions=("min",)))["number"] == 1


def test_the_best_configuration_reads_back_from_toml() -> None:
    record = study()
    best = _best(record)
    assert tomllib.loads(best["toml"])["space"] == record.trials[best["number"]].config


def test_trials_within_two_standard_errors_are_near() -> None:
    data = {"interactions": {"validation": 100}}
    best = _best(of_values([0.5, 0.41, 0.39, 0.5], [1, 1, 1, 1], data=data))
    assert best["error"] == accuracy_error(0.5, 100)
    assert best["near"] == 2


def test_a_loss_has_no_binomial_error() -> None:
    data = {"interactions": {"validation": 100}}
    assert _best(of_values([0.5], [1], data=data, objectives=("loss",)))["error"] is None


def test_baselines_are_those_of_the_objective_hardest_first() -> None:
    lines = {"random": {"top_10_accuracy": 0.01}, "popularity": {"top_10_accuracy": 0.05}, "x": {}}
    found = summarize(of_values([0.5], [1], baselines=lines))["baselines"]
    assert found == [{"name": "popularity", "value": 0.05}, {"name": "random", "value": 0.01}]


def test_curves_are_those_of_the_best_trials() -> None:
    record = study(700)
    curves = summarize(record)["curves"]
    valued = [trial.value for trial in record.trials if trial.value is not None]
    limit = sorted(valued, reverse=True)[CURVES - 1]
    assert len(curves["rows"]) == CURVES
    assert {record.trials[row].value for row in curves["rows"]} <= {v for v in valued if v >= limit}
    assert [*curves["values"]] == ["top_100_accuracy", "train_loss", "loss"]


def test_a_long_curve_is_thinned_but_keeps_its_best_and_last_epoch() -> None:
    curve = [{"epoch": n, "top_100_accuracy": 0.1} for n in range(1, 1001)]
    trial = replace(study(1, seed=1).trials[0], curve=curve, best_epoch=777)
    epochs = summarize(replace(study(1), trials=(trial,)))["curves"]["epoch"][0]
    assert len(epochs) <= 202
    assert {1, 777, 1000} <= {*epochs}


def test_failures_are_grouped_by_reason_most_frequent_first() -> None:
    reasons = ["a", "b", "b", None]
    trials = tuple(TrialRecord(n, "failed", error=reason) for n, reason in enumerate(reasons))
    assert summarize(StudyRecord("s", ("mrr",), ("max",), 9, trials=trials))["failures"] == [
        {"reason": "b", "trials": [1, 2]},
        {"reason": "a", "trials": [0]},
        {"reason": "no reason was recorded", "trials": [3]},
    ]


def test_what_every_configuration_has_alike_is_fixed() -> None:
    assert summarize(study(10))["fixed"] == {
        "output_dim": 32,
        "batch_size": 1024,
        "epochs": 12,
    }


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.none() | st.floats(), st.integers(1, 4)), max_size=25))
def test_any_values_give_rows_that_add_up(pairs: list[tuple[float | None, int]]) -> None:
    values = [value for value, _ in pairs]
    summary = summarize(of_values(values, [depth for _, depth in pairs]))
    json.dumps(summary, allow_nan=False)
    known = [v for v in summary["columns"]["value"]["values"] if v is not None]
    assert sum(row["n"] for row in summary["depths"]) == len(known)
    assert (summary["best"] or {"value": None})["value"] == max(known, default=None)


def test_a_line_of_descent_is_counted_once_at_its_depth() -> None:
    record = of_values([0.1, 0.2, 0.3], [1, 1, 2])
    parent, child, other = record.trials
    child = replace(child, stage={"bracket": 0, "round": 1, "until": 3, "parent": parent.number})
    summary = summarize(replace(record, trials=(parent, child, other)))
    assert summary["columns"]["number"]["values"] == [child.number, other.number]
    assert [(row["depth"], row["n"]) for row in summary["depths"]] == [(1, 1), (2, 1)]
    assert summary["counts"]["complete"] == 3


def test_a_trial_that_breaks_a_constraint_is_not_the_best() -> None:
    record = of_values([0.1, 0.9, 0.3], [1, 1, 2])
    broken = replace(record.trials[1], constraints={"bytes": 5.0})
    kept = replace(record, trials=(record.trials[0], broken, record.trials[2]))
    assert _best(kept)["number"] == record.trials[2].number
