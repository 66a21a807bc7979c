from __future__ import annotations

from typing import Any

import pytest
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.spec import StudySpec, resolve
from search.tuners import PRUNERS
from search.tuners.optuna import Pruner
from spaces.optuna import distributions


def _spec(pruner: str) -> StudySpec:
    space = {"depth": {"integer": [1, 4]}, "epochs": 27}
    return resolve({"study": {"pruner": pruner, "name": "s"}, "space": space})


def _trials(spec: StudySpec, curves: list[list[float]]) -> list[FrozenTrial]:
    return [
        create_trial(
            value=max(curve),
            params={"depth": 1, "epochs": 27},
            distributions=distributions(spec.space),
            intermediate_values=dict(enumerate(curve, start=1)),
        )
        for curve in curves
    ]


def _epochs(pruner: str, curves: list[list[float]], curve: list[float]) -> int:
    """How many epochs of the curve the pruner lets train."""
    spec = _spec(pruner)
    judge = Pruner(spec, {"depth": 2, "epochs": 27}, _trials(spec, curves))
    for epoch, value in enumerate(curve, start=1):
        if judge.prunes(epoch, value):
            return epoch
    return len(curve)


GOOD = [[0.01 * (n + epoch) for epoch in range(27)] for n in range(9)]
BAD = [0.0] * 27


@pytest.mark.parametrize("pruner", PRUNERS)
def test_a_trial_better_than_all_trains_to_its_end(pruner: str) -> None:
    assert _epochs(pruner, GOOD, [1.0 + 0.01 * epoch for epoch in range(27)]) == 27


@pytest.mark.parametrize(
    ("pruner", "epochs"), [("none", 27), ("median", 2), ("successive_halving", 3)]
)
def test_a_trial_worse_than_all_stops_where_the_rule_says(pruner: str, epochs: int) -> None:
    assert _epochs(pruner, GOOD, BAD) == epochs


def test_hyperband_stops_at_a_rung() -> None:
    assert _epochs("hyperband", GOOD * 3, BAD) in (3, 9, 27)


def test_the_patient_rule_waits_for_two_validations_without_improvement() -> None:
    assert _epochs("patient", GOOD, BAD) > _epochs("median", GOOD, BAD)


def test_the_first_trials_are_not_stopped_by_the_median() -> None:
    assert _epochs("median", GOOD[:4], BAD) == 27


@pytest.mark.parametrize("pruner", PRUNERS)
def test_failed_and_pruned_trials_are_part_of_the_record(pruner: str) -> None:
    spec = _spec(pruner)
    trials: list[Any] = _trials(spec, GOOD)
    trials[0].state, trials[0].values = TrialState.FAIL, None
    trials[1].state = TrialState.PRUNED
    judge = Pruner(spec, {"depth": 2, "epochs": 27}, trials)
    assert judge.prunes(1, 0.0) in (True, False)
