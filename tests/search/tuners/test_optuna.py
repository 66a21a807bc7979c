from __future__ import annotations

import math
import pickle
from typing import Any

import pytest
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.resolve import resolve
from search.spec import StudySpec
from search.tuners import PRUNERS
from search.tuners.optuna import Pruner, propose
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


RATE = {"learning_rate": {"real": [0.001, 0.1], "log": True}}


def _rated(spec: StudySpec, rates: list[float], **stored: Any) -> list[FrozenTrial]:
    known = distributions(spec.space)
    return [
        create_trial(value=rate, params={"learning_rate": rate}, distributions=known, **stored)
        for rate in rates
    ]


@pytest.mark.parametrize("qmc_type", ["sobol", "halton"])
def test_quasi_random_points_depend_on_their_number_alone(qmc_type: str) -> None:
    study = {"tuner": "optuna.qmc", "tuner_options": {"qmc_type": qmc_type}}
    spec = resolve({"study": study, "space": RATE})
    assert propose(spec, 5, _rated(spec, [0.01, 0.02])) == propose(spec, 5, [])


def test_sixteen_quasi_random_points_lie_in_the_sixteen_parts_of_a_range() -> None:
    spec = resolve({"study": {"tuner": "optuna.qmc"}, "space": RATE})
    rates = [propose(spec, number, [])["learning_rate"] for number in range(16)]
    parts = [int(16 * math.log(rate / 0.001) / math.log(100)) for rate in rates]
    assert sorted(parts) == list(range(16))


class _Trap:
    """An object that cannot be read back without raising."""

    def __reduce__(self) -> Any:
        return int, ("a trap",)


def test_the_optimizer_that_optuna_may_have_pickled_is_never_read() -> None:
    spec = resolve({"study": {"tuner": "optuna.cmaes"}, "space": RATE})
    rates = [0.01, 0.02, 0.05, 0.03, 0.04]
    trap = {"cma:optimizer:0": pickle.dumps(_Trap()).hex(), "cma:generation": 0}
    trapped = _rated(spec, rates, system_attrs=trap)
    assert propose(spec, 5, trapped) == propose(spec, 5, _rated(spec, rates))


def test_evolution_learns_from_what_a_pruned_trial_last_reported() -> None:
    spec = resolve({"study": {"tuner": "optuna.cmaes"}, "space": RATE})
    trials = _rated(spec, [0.01, 0.02, 0.05, 0.03, 0.04])
    pruned = _rated(spec, [0.01, 0.02, 0.05, 0.03, 0.04])
    pruned[2].state, pruned[2].values = TrialState.PRUNED, None
    pruned[2].intermediate_values = {1: 0.9, 2: 0.05}
    assert propose(spec, 5, pruned) == propose(spec, 5, trials)
