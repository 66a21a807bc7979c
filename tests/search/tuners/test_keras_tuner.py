from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.resolve import resolve
from search.spec import StudySpec
from search.tuners import propose
from spaces.optuna import distributions
from tests.search.tuners.proposing import proposed

RATE = {"learning_rate": {"real": [0.001, 0.1], "log": True}}


def _spec(tuner: str, space: dict[str, Any], **study: Any) -> StudySpec:
    return resolve(
        {"study": {"tuner": f"keras_tuner.{tuner}", **study}, "space": space, "first": []}
    )


def _finished(spec: StudySpec, number: int, params: dict[str, Any], value: float) -> FrozenTrial:
    known = distributions(spec.space)
    own = {name: known[name] for name in params}
    trial = create_trial(value=value, params=params, distributions=own)
    trial.number = number
    return trial


def _searched(spec: StudySpec, count: int, name: str) -> list[FrozenTrial]:
    """A study in which a trial's value is its parameter of this name."""
    trials: list[FrozenTrial] = []
    for number in range(count):
        params = proposed(spec, number, trials)
        if params is None:
            break
        trials.append(_finished(spec, number, params, float(params[name])))
    return trials


def test_bayesian_search_goes_to_where_values_are_high() -> None:
    options = {"num_initial_points": 4, "beta": 0.1}
    spec = _spec("bayesian", RATE, tuner_options=options)
    rates = [trial.params["learning_rate"] for trial in _searched(spec, 8, "learning_rate")]
    assert min(rates[5:]) > max(rates[:4])
    assert all(type(rate) is float for rate in rates)


def test_bayesian_search_goes_to_where_a_loss_is_low() -> None:
    options = {"num_initial_points": 4, "beta": 0.1}
    spec = _spec("bayesian", RATE, tuner_options=options, objective="loss")
    rates = [trial.params["learning_rate"] for trial in _searched(spec, 8, "learning_rate")]
    assert max(rates[5:]) < min(rates[:4])


def test_bayesian_search_bears_conditions_failures_pruning_and_no_numbers() -> None:
    space = {
        "depth": {"integer": [1, 3]},
        "width": {"choice": [32, 64]},
        "normalize": {"choice": [True, False]},
        "dropout": {"real": [0.0, 0.5], "step": 0.1},
    }
    spec = _spec("bayesian", space, tuner_options={"num_initial_points": 2})
    trials = _searched(_spec("random", space), 8, "dropout")
    trials[0].state, trials[0].values = TrialState.FAIL, None
    trials[1].state, trials[1].values = TrialState.PRUNED, None
    trials[2].values = [float("nan")]
    proposal = proposed(spec, 8, trials)
    assert proposal is not None
    assert spec.space.why_not(proposal) is None
    assert proposed(spec, 8, trials) == proposal


def test_random_search_ends_where_all_was_tried() -> None:
    spec = _spec("random", {"normalize": {"choice": [True, False]}, "depth": {"integer": [1, 2]}})
    trials = _searched(spec, 9, "depth")
    points = [tuple(trial.params.values()) for trial in trials]
    assert sorted(points) == [(False, 1), (False, 2), (True, 1), (True, 2)]
    assert proposed(spec, 4, trials) is None


@pytest.mark.parametrize("tuner", ["random", "bayesian"])
def test_what_another_worker_trains_is_not_proposed_again(tuner: str) -> None:
    spec = _spec(tuner, {"depth": {"integer": [1, 4]}})
    running: list[FrozenTrial] = []
    while proposal := propose(spec, len(running), running):
        trial = _finished(spec, len(running), dict(proposal.params), 0.0)
        trial.state, trial.values = TrialState.RUNNING, None
        running.append(trial)
    assert sorted(trial.params["depth"] for trial in running) == [1, 2, 3, 4]


def test_the_grid_takes_the_low_end_and_ten_of_a_continuous_range() -> None:
    spec = _spec("grid", {"dropout": {"real": [0.0, 0.5]}})
    points = [proposed(spec, number, []) for number in range(12)]
    shares = [point["dropout"] for point in points if point is not None]
    assert points[11] is None
    assert shares[0] == 0.0
    assert sorted(shares[1:]) == pytest.approx([0.025 + 0.05 * n for n in range(10)])


def test_the_grid_of_each_depth_is_its_own() -> None:
    space = {"depth": {"integer": [1, 2]}, "width": {"choice": [4, 8]}}
    spec = _spec("grid", space, allocate_by="depth")
    points = [proposed(spec, number, []) for number in (0, 1, 2, 3)]
    assert points == [{"depth": 1}, {"depth": 2, "width": 4}, None, {"depth": 2, "width": 8}]


def test_no_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for tuner in ("random", "bayesian", "grid"):
        _searched(_spec(tuner, RATE), 4, "learning_rate")
    assert not list(tmp_path.iterdir())
