from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from search.records import StudyRecord, TrialRecord
from search.resolve import resolve
from search.spec import StudySpec
from search.study.warm_start import best_configurations, drawn_apart, history, remembered
from search.tuners import propose
from spaces import InputError, TowerConfig


def _trial(number: int, value: float, state: str = "complete", **params: Any) -> TrialRecord:
    config = TowerConfig(**params).as_dict()
    return TrialRecord(number, state, params, config, value=value, values=[value])


def _teacher(*trials: TrialRecord) -> StudyRecord:
    return StudyRecord("t", ["mrr"], ["max"], 9, data={"fingerprint": "f"}, trials=trials)


def _spec(**space: Any) -> StudySpec:
    study = {"objective": "mrr"}
    return resolve({"study": study, "space": {"depth": {"integer": [1, 2]}, **space}})


def test_the_three_best_come_first() -> None:
    trials = [_trial(n, value, depth=1, width=None) for n, value in enumerate([0.1, 0.4, 0.2, 0.3])]
    teacher = _teacher(*trials, _trial(4, 0.9, "pruned", depth=1))
    assert best_configurations(teacher) == [trials[n].config for n in (1, 3, 2)]


@pytest.mark.parametrize("tuner", ["optuna.random", "optuna.qmc", "keras_tuner.random"])
def test_a_study_does_not_draw_again_what_it_has_learnt_from(tuner: str) -> None:
    table = {"objective": "mrr", "tuner": tuner, "name": "second"}
    space = {"learning_rate": {"real": [0.001, 0.1]}}
    spec = resolve({"study": table, "space": space, "first": []})
    drawn = [propose(each, 0, []) for each in (spec, drawn_apart(spec))]
    assert drawn[0] is not None
    assert drawn[0] != drawn[1]
    assert propose(drawn_apart(spec), 0, []) == drawn[1]


def test_a_confirmation_is_no_teacher() -> None:
    teacher = replace(_teacher(_trial(0, 0.1, depth=1)), confirmation={"of": "search"})
    with pytest.raises(InputError) as raised:
        best_configurations(teacher)
    assert str(raised.value) == (
        "warm_start: must be a search, got the confirmation 't', whose trials were measured on the "
        "test part; name the search 'search'."
    )


def test_what_could_be_a_trial_of_the_new_study_is_learnt_from() -> None:
    teacher = _teacher(
        _trial(0, 0.1, depth=1),
        _trial(1, 0.2, depth=2),
        _trial(2, 0.3, depth=3),  # outside the space
        _trial(3, 0.4, depth=1, dropout=0.5),  # the space has no dropout but the default
        _trial(4, 0.5, "pruned", depth=1),
    )
    learnt = history(teacher, _spec(), "f")
    assert [(trial["params"], trial["values"]) for trial in learnt] == [
        ({"depth": 1}, [0.1]),
        ({"depth": 2}, [0.2]),
    ]


def test_parameters_that_the_teacher_held_fixed_have_their_values() -> None:
    dropout = {"real": [0.0, 0.5]}
    learnt = history(_teacher(_trial(0, 0.1, depth=1)), _spec(dropout=dropout), "f")
    assert learnt[0]["params"] == {"depth": 1, "dropout": 0.0}


def test_what_is_learnt_is_judged_by_the_constraints_of_the_new_study() -> None:
    teacher = _teacher(replace(_trial(0, 0.1, depth=1), cost={"parameters": 700.0}))
    assert history(teacher, _spec(), "f")[0]["constraints"] == {}
    study = {"objective": "mrr", "constraints": {"parameters": "<= 500"}}
    spec = resolve({"study": study, "space": {"depth": {"integer": [1, 2]}}})
    stricter = replace(teacher, trials=[replace(teacher.trials[0], constraints={"bytes": -1.0})])
    assert history(stricter, spec, "f")[0]["constraints"] == {"parameters": 200.0}


def test_other_data_or_another_objective_teaches_nothing() -> None:
    teacher = _teacher(_trial(0, 0.1, depth=1))
    assert history(teacher, _spec(), "other") == []
    other = resolve({"study": {"objective": "ndcg_10"}, "space": {"depth": {"integer": [1, 2]}}})
    assert history(teacher, other, "f") == []


def test_what_was_learnt_is_remembered_as_trials_before_the_first() -> None:
    spec = _spec()
    learnt = history(_teacher(_trial(0, 0.1, depth=1), _trial(1, 0.2, depth=2)), spec, "f")
    trials = remembered(learnt, spec.space)
    assert [(trial.number, trial.params, trial.values) for trial in trials] == [
        (-2, {"depth": 1}, [0.1]),
        (-1, {"depth": 2}, [0.2]),
    ]
    assert remembered([], spec.space) == []
