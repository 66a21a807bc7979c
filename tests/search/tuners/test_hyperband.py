from __future__ import annotations

from typing import Any

import pytest
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.resolve import resolve
from search.spec import StudySpec
from search.tuners import Proposal, propose
from search.tuners.hyperband import HyperbandOracle
from spaces.optuna import distributions

# isort: split
from keras_tuner import Objective

RATE = {"learning_rate": {"real": [0.001, 0.1], "log": True}, "epochs": 9}


def _spec(trials: int = 12, **study: Any) -> StudySpec:
    table = {"tuner": "keras_tuner.hyperband", "trials": trials, **study}
    return resolve({"study": table, "space": RATE, "first": []})


def _trial(spec: StudySpec, number: int, proposal: Proposal, value: float | None) -> FrozenTrial:
    known, stage = distributions(spec.space), proposal.stage
    assert stage is not None
    trial = create_trial(
        state=TrialState.FAIL if value is None else TrialState.COMPLETE,
        value=value,
        params=dict(proposal.params),
        distributions={name: known[name] for name in proposal.params},
        user_attrs={"stage": stage.as_dict()},
    )
    trial.number = number
    return trial


def _searched(spec: StudySpec, count: int, failing: tuple[int, ...] = ()) -> list[FrozenTrial]:
    """A study in which a trial's value is its learning rate, unless it fails."""
    trials: list[FrozenTrial] = []
    for number in range(count):
        proposal = propose(spec, number, trials)
        assert proposal is not None
        value = None if number in failing else float(proposal.params["learning_rate"])
        trials.append(_trial(spec, number, proposal, value))
    return trials


def _stages(trials: list[FrozenTrial]) -> list[tuple[int, int, int]]:
    stages = [trial.user_attrs["stage"] for trial in trials]
    return [(stage["bracket"], stage["round"], stage["until"]) for stage in stages]


def _oracle(trials: int, **settings: Any) -> HyperbandOracle:
    return HyperbandOracle(
        trials=trials, max_epochs=9, objective=Objective("value", "max"), **settings
    )


def test_the_brackets_of_a_study_take_its_trials() -> None:
    # Of nine epochs KerasTuner makes rounds of 9, 3, 1 trials, of 5, 2 and of 3.
    assert _stages(_searched(_spec(23), 23)) == [
        *[(0, 0, 1)] * 9,
        *[(0, 1, 3)] * 3,
        *[(0, 2, 9)] * 1,
        *[(1, 0, 3)] * 5,
        *[(1, 1, 9)] * 2,
        *[(2, 0, 9)] * 3,
    ]


def test_a_small_study_has_smaller_brackets_in_the_same_proportions() -> None:
    assert _stages(_searched(_spec(12), 12)) == [
        *[(0, 0, 1)] * 4,
        *[(0, 1, 3)] * 2,
        *[(0, 2, 9)] * 1,
        *[(1, 0, 3)] * 2,
        *[(1, 1, 9)] * 1,
        *[(2, 0, 9)] * 2,
    ]


@pytest.mark.parametrize("trials", [1, 5, 12, 23, 40, 100, 500])
def test_whole_passes_hold_a_studys_trials_and_hardly_more(trials: int) -> None:
    oracle = _oracle(trials)
    passes = max(1, round(trials / 23))
    assert trials <= passes * oracle._trials() <= trials + 6 * passes


def test_the_number_of_passes_can_be_asked_for() -> None:
    assert 50 <= _oracle(100, hyperband_iterations=2)._trials() <= 56


def test_the_better_are_trained_on_with_their_own_parameters() -> None:
    trials = _searched(_spec(23), 23)
    rates = {trial.number: trial.params["learning_rate"] for trial in trials}
    parents = [trial.user_attrs["stage"]["parent"] for trial in trials]
    assert parents[:9] == [None] * 9
    assert parents[9:12] == sorted(range(9), key=lambda number: -rates[number])[:3]
    assert parents[12] == 9
    assert all(rates[child] == rates[parent] for child, parent in enumerate(parents) if parent)


def test_a_study_that_goes_on_beyond_its_trials_begins_its_brackets_anew() -> None:
    assert _stages(_searched(_spec(23), 26))[23:] == [(3, 0, 1)] * 3


def test_what_failed_is_not_trained_on_and_nothing_hangs() -> None:
    trials = _searched(_spec(23), 23, failing=(0, 1, 2))
    parents = [trial.user_attrs["stage"]["parent"] for trial in trials[9:12]]
    assert not {0, 1, 2} & set(parents)


def test_of_a_round_that_mostly_failed_what_is_left_goes_on() -> None:
    trials = _searched(_spec(23), 23, failing=tuple(range(8)))
    assert _stages(trials)[8:12] == [(0, 0, 1), (0, 1, 3), (0, 2, 9), (1, 0, 3)]
    assert [trial.user_attrs["stage"]["parent"] for trial in trials[9:11]] == [8, 9]


def test_where_the_last_rounds_best_failed_the_next_goes_on() -> None:
    trials = _searched(_spec(23), 23, failing=(9,))
    best = sorted(range(9), key=lambda number: -float(trials[number].params["learning_rate"]))[:3]
    assert [trial.user_attrs["stage"]["parent"] for trial in trials[9:13]] == [*best, 10]


@pytest.mark.parametrize("trials", [12, 20, 60])
def test_a_space_smaller_than_a_round_is_trained_on_all_the_same(trials: int) -> None:
    space = {"depth": {"integer": [1, 4]}, "epochs": 9}
    study = {"tuner": "keras_tuner.hyperband", "trials": trials}
    spec, found = resolve({"study": study, "space": space, "first": []}), list[FrozenTrial]()
    while proposal := propose(spec, len(found), found):
        value = float(proposal.params["depth"])
        found.append(_trial(spec, len(found), proposal, value))
    assert len(found) < trials
    assert max(until for _, _, until in _stages(found)) == 9
    assert found[-1].params["depth"] == 4


def test_the_same_record_gives_the_same_proposal() -> None:
    spec = _spec(23)
    trials = _searched(spec, 20)
    for number in (0, 5, 10, 13, 19):
        again = propose(spec, number, trials[:number])
        assert again is not None
        assert again.params == trials[number].params
        assert again.stage is not None
        assert again.stage.as_dict() == trials[number].user_attrs["stage"]


def test_while_others_train_a_worker_is_given_something_to_do() -> None:
    spec = _spec(23)
    trials = _searched(spec, 9)
    for trial in trials[1:]:
        trial.state, trial.values = TrialState.RUNNING, None
    proposal = propose(spec, 9, trials)
    assert proposal is not None
    assert proposal.stage is not None
    assert (proposal.stage.bracket, proposal.stage.parent) == (1, None)


def test_the_configurations_to_begin_with_open_the_first_bracket() -> None:
    first = [{"learning_rate": 0.01}, {"learning_rate": 0.02}]
    table = {"tuner": "keras_tuner.hyperband", "trials": 12}
    spec = resolve({"study": table, "space": RATE, "first": first})
    rates = [trial.params["learning_rate"] for trial in _searched(spec, 3)]
    assert rates[:2] == [0.01, 0.02]
    assert rates[2] not in rates[:2]


def test_each_depth_has_brackets_of_its_own() -> None:
    space = RATE | {"depth": {"integer": [1, 2]}}
    study = {"tuner": "keras_tuner.hyperband", "trials": 46, "allocate_by": "depth"}
    spec = resolve({"study": study, "space": space, "first": []})
    stages = _stages(_searched(spec, 20))
    assert stages[0::2] == stages[1::2] == [(0, 0, 1)] * 9 + [(0, 1, 3)]
