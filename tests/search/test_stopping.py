from __future__ import annotations

from dataclasses import replace
from typing import Any

from search.records import StudyRecord, TrialRecord
from search.stopping import reason


def _study(values: list[float | None], direction: str = "max", **rules: Any) -> StudyRecord:
    trials = [
        TrialRecord(number, "failed" if value is None else "complete", value=value, values=[value])
        for number, value in enumerate(values)
    ]
    return StudyRecord("s", ["mrr"], [direction], 9, spec={"study": rules}, trials=trials)


def test_a_study_without_rules_is_stopped_by_none() -> None:
    assert reason(_study([0.1] * 9)) is None


def test_a_tuner_that_has_nothing_left_ends_a_study_once_its_trials_have_ended() -> None:
    study = replace(_study([0.1] * 9), exhausted=True)
    assert reason(study) == "the tuner has nothing left to propose"
    assert reason(replace(study, trials=study.trials[1:])) is None
    dealt = replace(study, spec={"study": {"allocate_by": "depth"}})
    why = "the tuner has nothing left to propose for one depth, and each gets as many trials"
    assert reason(dealt) == why


def test_a_target_is_reached_from_its_own_side() -> None:
    assert reason(_study([0.1, 0.3], target=0.3)) == "mrr has reached the target of 0.3"
    assert reason(_study([0.1, 0.29], target=0.3)) is None
    assert reason(_study([0.4, 0.3], "min", target=0.3)) == "mrr has reached the target of 0.3"
    assert reason(_study([0.4, 0.31], "min", target=0.3)) is None
    assert reason(_study([], target=0.3)) is None


def test_trials_without_improvement_are_counted_from_the_best() -> None:
    sentence = "the last 3 trials have brought no improvement"
    assert reason(_study([0.1, 0.3, 0.2, None, 0.3], give_up_after=3)) == sentence
    assert reason(_study([0.1, 0.3, 0.2, None], give_up_after=3)) is None
    assert reason(_study([None, None, None], give_up_after=3)) == sentence


def test_of_several_objectives_a_change_of_the_front_is_an_improvement() -> None:
    trials = [
        TrialRecord(number, "complete", value=values[0], values=values)
        for number, values in enumerate([(0.3, 9.0), (0.2, 8.0), (0.1, 9.0)])
    ]
    study = StudyRecord(
        "s", ["mrr", "bytes"], ["max", "min"], 9, {"study": {"give_up_after": 2}}, trials=trials
    )
    assert reason(study) is None
