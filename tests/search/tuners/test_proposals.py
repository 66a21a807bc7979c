from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.resolve import resolve
from search.spec import StudySpec
from search.tuners import TUNERS, is_installed, peers
from search.tuners.allocation import allocation
from spaces.optuna import distributions
from tests.search.tuners.proposing import proposed

SPACE: dict[str, Any] = {
    "depth": {"integer": [1, 3]},
    "width": {"choice": [32, 64]},
    "optimizer": {"choice": ["adam", "sgd"]},
    "learning_rate": {"real": [0.001, 0.1], "log": True},
    "momentum": {"real": [0.0, 0.9]},
}


SEARCHING = [name for name in filter(is_installed, TUNERS) if not name.endswith(".grid")]


MODELS: dict[str, dict[str, Any]] = {
    "optuna.tpe": {},
    "optuna.gp": {},
    "keras_tuner.bayesian": {"num_initial_points": 8},
}


OF_ONE = ("optuna.cmaes", "keras_tuner.bayesian", "keras_tuner.hyperband")


def _spec(**study: Any) -> StudySpec:
    return resolve({"study": study, "space": SPACE, "first": []})


def _finished(spec: StudySpec, number: int, params: dict[str, Any]) -> FrozenTrial:
    known = distributions(spec.space)
    trial = create_trial(
        value=params["learning_rate"] * params["depth"],
        params=params,
        distributions={name: known[name] for name in params},
    )
    trial.number = number
    return trial


def _searched(spec: StudySpec, count: int) -> list[FrozenTrial]:
    trials: list[FrozenTrial] = []
    for number in range(count):
        params = proposed(spec, number, trials)
        assert params is not None
        trials.append(_finished(spec, number, params))
    return trials


@pytest.mark.parametrize("tuner", SEARCHING)
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_every_proposal_is_inside_the_space(tuner: str, seed: int) -> None:
    spec = _spec(tuner=tuner, seed=seed, allocate_by="depth" if seed % 2 else "")
    for trial in _searched(spec, 14):
        assert spec.space.why_not(trial.params) is None


@pytest.mark.parametrize("tuner", SEARCHING)
def test_the_same_record_gives_the_same_proposal(tuner: str) -> None:
    spec = _spec(tuner=tuner)
    trials = _searched(spec, 15)
    for number in (0, 7, 14):
        again = proposed(spec, number, trials[:number])
        assert again == trials[number].params


def test_a_fresh_process_gives_the_same_proposals() -> None:
    code = f"import {__name__} as facts; print(facts.proposals_after_twelve())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == proposals_after_twelve()


def proposals_after_twelve() -> str:
    """What every tuner proposes for trial 12 after the same twelve trials, as JSON."""
    record = _searched(_spec(tuner="optuna.random"), 12)
    return json.dumps([proposed(_spec(tuner=tuner), 12, record) for tuner in SEARCHING])


@pytest.mark.parametrize("tuner", SEARCHING)
def test_another_seed_or_number_gives_another_proposal(tuner: str) -> None:
    first = proposed(_spec(tuner=tuner), 0, [])
    assert proposed(_spec(tuner=tuner, seed=1), 0, []) != first
    assert proposed(_spec(tuner=tuner), 1, []) != first


@pytest.mark.parametrize("tuner", SEARCHING)
def test_failed_and_pruned_trials_and_values_that_are_no_numbers_are_borne(tuner: str) -> None:
    spec = _spec(tuner=tuner)
    trials = _searched(spec, 8)
    for trial, state in zip(trials, [TrialState.FAIL, TrialState.PRUNED] * 2, strict=False):
        trial.state, trial.values = state, None
    trials[3].intermediate_values = {1: 0.1, 2: 0.2}
    trials[4].values, trials[5].values = [float("nan")], [float("inf")]
    proposal = proposed(spec, 8, trials)
    assert proposal is not None
    assert spec.space.why_not(proposal) is None


@pytest.mark.parametrize(
    ("tuner", "options"),
    [
        ("optuna.tpe", {}),
        ("optuna.cmaes", {"popsize": 4}),
        ("optuna.nsga2", {"population_size": 6}),
    ],
)
def test_a_learner_moves_to_where_values_are_high(tuner: str, options: dict[str, Any]) -> None:
    trials = _searched(_spec(tuner=tuner, tuner_options=options), 60)
    values = [trial.value or 0.0 for trial in trials]
    assert sum(values[40:]) / 20 > 2 * sum(values[:10]) / 10


@pytest.mark.parametrize("tuner", [name for name in MODELS if is_installed(name)])
def test_a_model_leaves_where_trials_fail(tuner: str) -> None:
    spec = _spec(tuner=tuner, tuner_options=MODELS[tuner])
    trials: list[FrozenTrial] = []
    for number in range(30):
        trials.append(_finished(spec, number, proposed(spec, number, trials) or {}))
        if trials[-1].params["learning_rate"] > 0.03:
            trials[-1].state, trials[-1].values = TrialState.FAIL, None
    assert sum(trial.state == TrialState.FAIL for trial in trials[15:]) <= 8
    assert max(trial.params["learning_rate"] for trial in trials if trial.values) > 0.01


@pytest.mark.parametrize(("trials", "startup"), [(9, 3), (15, 5), (200, 10)])
def test_a_model_begins_after_a_third_of_a_small_share(trials: int, startup: int) -> None:
    record = _searched(_spec(tuner="optuna.random"), 20)

    def after(n: int, **options: int) -> dict[str, Any] | None:
        return proposed(_spec(trials=trials, tuner_options=options), n, record[:n])

    for n in (startup - 1, startup):
        assert after(n) == after(n, n_startup_trials=startup)
    assert after(startup - 1) == after(startup - 1, n_startup_trials=20)
    assert after(startup) != after(startup, n_startup_trials=20)


@pytest.mark.parametrize("tuner", ["optuna.grid", "keras_tuner.grid"])
def test_a_grid_is_gone_through_in_order_and_ends(tuner: str) -> None:
    spec = resolve(
        {
            "study": {"tuner": tuner},
            "space": {"depth": {"integer": [1, 2]}, "width": {"choice": [4, 8]}},
        }
    )
    points = [proposed(spec, number, []) for number in range(5)]
    assert points == [{"depth": 1}, *({"depth": 2, "width": width} for width in (4, 8)), None, None]


def test_the_first_trials_take_the_configurations_to_begin_with() -> None:
    first = [
        {"depth": 1, "optimizer": "adam", "learning_rate": 0.01},
        {"depth": 3, "width": 32, "optimizer": "adam", "learning_rate": 0.01},
    ]
    spec = resolve({"space": SPACE, "first": first})
    assert [proposed(spec, number, []) for number in range(2)] == first
    assert proposed(spec, 2, []) not in first


def test_each_depth_begins_with_its_own_configurations() -> None:
    spec = resolve({"space": {"preset": "depth"}})
    begun = [proposed(spec, number, []) for number in range(5)]
    assert begun[:4] == list(spec.first)
    assert begun[4] not in spec.first


def test_trials_are_dealt_to_the_depths_in_turn() -> None:
    spec = _spec(allocate_by="depth")
    depths = [trial.params["depth"] for trial in _searched(spec, 9)]
    assert depths == [1, 2, 3, 1, 2, 3, 1, 2, 3]
    assert [allocation(spec, number).turn for number in (0, 2, 3, 8)] == [0, 0, 1, 2]


def test_a_depth_sees_the_trials_of_its_own_depth_alone() -> None:
    spec = _spec(allocate_by="depth")
    trials = _searched(spec, 9)
    assert [trial.number for trial in peers(spec, 9, trials)] == [0, 3, 6]
    changed = [
        trial
        if trial.number % 3 == 0
        else _finished(spec, trial.number, {**trial.params, "learning_rate": 0.1})
        for trial in trials
    ]
    assert proposed(spec, 9, changed) == proposed(spec, 9, trials)


def test_a_trial_is_not_compared_with_itself_or_the_unfinished() -> None:
    spec = _spec()
    trials = _searched(spec, 4)
    trials[2].state = TrialState.RUNNING
    assert [trial.number for trial in peers(spec, 1, trials)] == [0, 3]


@pytest.mark.parametrize("tuner", [t for t in ("optuna.tpe", "optuna.gp") if is_installed(t)])
def test_a_model_keeps_away_from_what_other_workers_train(tuner: str) -> None:
    spec = _spec(tuner=tuner)
    trials = _searched(spec, 20)
    alone = proposed(spec, 20, trials)
    assert alone is not None
    other = _finished(spec, 21, alone)
    other.values, other.state = None, TrialState.RUNNING
    beside = proposed(spec, 20, [*trials, other])
    assert beside is not None
    assert beside["learning_rate"] != alone["learning_rate"]


@pytest.mark.parametrize("tuner", SEARCHING)
def test_a_trial_that_was_left_is_borne(tuner: str) -> None:
    spec = _spec(tuner=tuner)
    trials = _searched(spec, 14)
    trials[13].values, trials[13].state = None, TrialState.WAITING
    assert proposed(spec, 14, trials) is not None


@pytest.mark.parametrize("tuner", SEARCHING)
def test_a_proposal_is_made_in_silence(tuner: str, capfd: pytest.CaptureFixture[str]) -> None:
    spec = _spec(tuner=tuner, trials=9, constraints={"bytes": "<= 9"})
    trials: list[FrozenTrial] = []
    for number in range(9):
        trials.append(_finished(spec, number, proposed(spec, number, trials) or {}))
        trials[-1].set_constraint("bytes", 1000.0)
    assert capfd.readouterr() == ("", "")


def test_evolution_of_numbers_is_silent_about_constraints() -> None:
    spec = _spec(tuner="optuna.cmaes", constraints={"bytes": "<= 9"})
    trials = _searched(spec, 3)
    for trial in trials:
        trial.set_constraint("bytes", -1.0)
    assert proposed(spec, 3, trials) is not None  # where warnings are errors


def _traded(spec: StudySpec, count: int) -> list[FrozenTrial]:
    """A study of two objectives, a rate to be high and its square to be low, under a constraint."""
    trials: list[FrozenTrial] = []
    for number in range(count):
        params = proposed(spec, number, trials)
        assert params is not None
        trial = _finished(spec, number, params)
        trial.values = [params["learning_rate"], params["learning_rate"] ** 2]
        trial.set_constraint("bytes", params["depth"] - 2.5)
        trials.append(trial)
    return trials


@pytest.mark.parametrize("tuner", [name for name in SEARCHING if name not in OF_ONE])
def test_several_objectives_and_a_constraint_are_searched_for(tuner: str) -> None:
    options = {"population_size": 8} if tuner == "optuna.nsga2" else {}
    spec = _spec(tuner=tuner, tuner_options=options, objective=["mrr", "parameters"])
    trials = _traded(spec, 30)
    assert all(spec.space.why_not(trial.params) is None for trial in trials)
    trials[-1].values, trials[-1].state = None, TrialState.FAIL  # without constraints
    trials[-1].user_attrs, trials[-1].system_attrs = {}, {}
    assert proposed(spec, 30, trials) is not None
    if tuner in ("optuna.tpe", "optuna.nsga2"):
        assert sum(trial.params["depth"] == 3 for trial in trials[15:]) <= 4  # of 15, 5 by chance
