"""Each depth is searched as if it were alone, with as much as every other has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.resolve import resolve
from search.spec import StudySpec
from search.tuners import TUNERS, propose, stage_of
from spaces.optuna import distributions
from tests.search.tuners.test_proposals import SEARCHING

SPACE: dict[str, Any] = {
    "depth": {"integer": [1, 3]},
    "width": {"choice": [32, 64]},
    "dropout": {"real": [0.0, 0.5]},
    "learning_rate": {"real": [0.001, 0.1], "log": True},
    "epochs": 9,
}
EAGER: Mapping[str, Mapping[str, int]] = {  # to learn from the first trials on
    "optuna.tpe": {"n_startup_trials": 2},
    "optuna.gp": {"n_startup_trials": 2},
    "optuna.cmaes": {"popsize": 4},
    "optuna.nsga2": {"population_size": 2},
    "keras_tuner.bayesian": {"num_initial_points": 2},
}
LEARNING = [name for name in (*EAGER, "keras_tuner.hyperband") if name in SEARCHING]
GRIDS = [name for name in TUNERS if name.endswith(".grid")]

Value = Callable[[Mapping[str, Any]], float]


def _spec(tuner: str, trials: int, space: Mapping[str, Any] = SPACE) -> StudySpec:
    study = {"tuner": tuner, "tuner_options": dict(EAGER.get(tuner, {})), "trials": trials}
    study |= {"allocate_by": "depth", "pruner": "none"}
    return resolve({"study": study, "space": dict(space), "first": []})


def _trial(spec: StudySpec, number: int, trials: list[FrozenTrial]) -> FrozenTrial | None:
    """The next trial as it is claimed; None where the tuner has nothing left."""
    proposal = propose(spec, number, trials)
    if proposal is None:
        return None
    known = distributions(spec.space)
    trial = create_trial(
        state=TrialState.RUNNING,
        params=dict(proposal.params),
        distributions={name: known[name] for name in proposal.params},
        user_attrs={"stage": proposal.stage.as_dict()} if proposal.stage else {},
    )
    trial.number = number
    return trial


def _searched(spec: StudySpec, value: Value, workers: int = 1) -> list[FrozenTrial]:
    """A study of workers who always have a trial each, of which the oldest ends first."""
    trials: list[FrozenTrial] = []
    for number in range(spec.study.trials):
        trial = _trial(spec, number, trials)
        if trial is None:
            break
        trials.append(trial)
        if number >= workers - 1:
            ended = trials[number - workers + 1]
            ended.state, ended.values = TrialState.COMPLETE, [value(ended.params)]
    return trials


def _at(depth: int, trials: list[FrozenTrial]) -> list[Any]:
    return [(t.params, t.user_attrs) for t in trials if t.params["depth"] == depth]


def _rate(params: Mapping[str, Any]) -> float:
    return float(params["learning_rate"])


def _otherwise_at(*depths: int) -> Value:
    return lambda params: -_rate(params) if params["depth"] in depths else _rate(params)


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("tuner", SEARCHING)
def test_how_other_depths_turn_out_changes_nothing_at_a_depth(tuner: str, workers: int) -> None:
    spec = _spec(tuner, 18)
    one, other = (_searched(spec, value, workers) for value in (_rate, _otherwise_at(1, 3)))
    assert _at(2, one) == _at(2, other)
    assert Counter(trial.params["depth"] for trial in one) == {1: 6, 2: 6, 3: 6}


@pytest.mark.parametrize("tuner", LEARNING)
def test_how_a_depth_turns_out_changes_what_is_tried_there(tuner: str) -> None:
    spec = _spec(tuner, 36 if tuner == "keras_tuner.hyperband" else 18)
    one, other = (_searched(spec, value) for value in (_rate, _otherwise_at(2)))
    assert _at(2, one) != _at(2, other)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_every_depth_has_as_many_epochs_where_the_tuner_deals_them_out(workers: int) -> None:
    trials = _searched(_spec("keras_tuner.hyperband", 36), _otherwise_at(1), workers)
    epochs = {
        depth: sorted(
            stage.until for t in trials if t.params["depth"] == depth and (stage := stage_of(t))
        )
        for depth in (1, 2, 3)
    }
    assert epochs[1] == epochs[2] == epochs[3]


@pytest.mark.parametrize("tuner", GRIDS)
def test_a_grid_ends_for_all_depths_with_the_smallest(tuner: str) -> None:
    space = {
        "depth": {"integer": [1, 2]},
        "width": {"choice": [4, 8]},
        "dropout": {"choice": [0.0, 0.1]},
    }
    trials = _searched(_spec(tuner, 6, space), lambda _: 0.0)
    assert [trial.params["depth"] for trial in trials] == [1, 2, 1, 2]
    assert _at(1, trials)[1][0] == {"depth": 1, "dropout": 0.1}
