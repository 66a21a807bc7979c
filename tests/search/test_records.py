from __future__ import annotations

import json
import math
import subprocess
import sys
from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from optuna.trial import TrialState, create_trial

from search.records import StudyRecord, TrialRecord, attributes, finite, trial_record, trials_frame


def _study(*trials: TrialRecord, direction: str = "max") -> StudyRecord:
    return StudyRecord("s", ["mrr"], [direction], budget=9, trials=trials)


def test_importing_records_loads_no_tensorflow() -> None:
    script = "import search.records, sys; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


def test_the_best_trial_completed_and_is_the_first_of_equals() -> None:
    trials = [
        TrialRecord(0, "pruned", value=0.9),
        TrialRecord(1, "complete", value=0.2),
        TrialRecord(2, "complete", value=0.3),
        TrialRecord(3, "complete", value=0.3),
        TrialRecord(4, "failed"),
    ]
    best, least = _study(*trials).best, _study(*trials, direction="min").best
    assert best is not None
    assert least is not None
    assert (best.number, least.number) == (2, 1)
    assert _study(*trials).ended == 5
    assert _study().best is None


def test_a_trial_reads_back_from_what_storage_holds() -> None:
    curve = [{"epoch": n, "train_loss": 1 / n, "mrr": n / 1000} for n in range(1, 1001)]
    stored = attributes({"curve": curve, "value": 1.0, "seed": 7, "metrics": {"mrr": 1.0}})
    assert all(len(json.dumps(value)) < 32_000 * 2 for value in stored.values())
    assert max(len(value) for key, value in stored.items() if key.startswith("curve")) == 30_000
    frozen = create_trial(state=TrialState.COMPLETE, value=1.0, user_attrs=stored)
    record = trial_record(frozen, "complete")
    assert record.curve == curve
    assert (record.value, record.values, record.seed, record.metrics) == (1.0, [1.0], 7, {"mrr": 1})


def test_a_curve_that_is_still_being_stored_is_not_read() -> None:
    stored = attributes({"curve": [{"epoch": n, "mrr": n / 1000} for n in range(2000)]})
    assert {"curve:0", "curve:1"} <= set(stored)
    frozen = create_trial(state=TrialState.RUNNING, user_attrs={"curve:0": stored["curve:0"]})
    assert trial_record(frozen, "running").curve == ()


def test_what_is_not_finite_becomes_none() -> None:
    given_ = {"a": math.nan, "b": [math.inf, 1.5], "c": {"d": -math.inf, "e": "nan"}}
    assert finite(given_) == {"a": None, "b": [None, 1.5], "c": {"d": None, "e": "nan"}}


@given(st.recursive(st.floats() | st.integers() | st.text() | st.none(), st.lists, max_leaves=5))
def test_what_is_stored_is_always_json(value: object) -> None:
    json.dumps(finite(value), allow_nan=False)


def test_a_frame_has_a_row_a_trial_and_a_column_a_field() -> None:
    trials = [
        TrialRecord(0, "complete", {"depth": 2}, value=0.5, metrics={"mrr": 0.5}),
        TrialRecord(1, "failed", {"depth": 1, "width": 8}, error="no"),
    ]
    frame = trials_frame(_study(*trials))
    assert frame["params.depth"].tolist() == [2, 1]
    assert frame["metrics.mrr"].tolist()[0] == 0.5
    assert frame["error"].tolist()[1] == "no"


def test_times_are_in_utc() -> None:
    from search.provenance import now

    assert datetime.fromisoformat(now()).utcoffset() is not None


def _of_two(*trials: TrialRecord, directions: tuple[str, ...] = ("max", "min")) -> StudyRecord:
    return StudyRecord("s", ["mrr", "bytes"][: len(directions)], directions, 9, trials=trials)


def _complete(number: int, *values: float | None, **fields: Any) -> TrialRecord:
    return TrialRecord(number, "complete", value=values[0], values=values, **fields)


def test_the_front_is_what_none_equals_or_beats_by_every_objective() -> None:
    study = _of_two(
        _complete(0, 0.2, 50.0),
        _complete(1, 0.3, 90.0),
        _complete(2, 0.2, 60.0),  # larger than 0 and no better
        _complete(3, 0.1, 10.0),
        _complete(4, 0.3, 90.0),  # the same as 1
        _complete(5, 0.4, None),
        TrialRecord(6, "pruned", value=0.9, values=[0.9]),
    )
    assert [trial.number for trial in study.ranked] == [5, 1, 4, 0, 2, 3]
    assert [trial.number for trial in study.front] == [5, 1, 0, 3]
    assert study.best is study.trials[5]


def test_of_equals_by_the_first_objective_the_best_is_on_the_front() -> None:
    study = _of_two(_complete(0, 0.3, 90.0), _complete(1, 0.3, 50.0), _complete(2, 0.3, 70.0))
    assert [trial.number for trial in study.ranked] == [1, 2, 0]
    assert study.best is study.front[0] is study.trials[1]


def test_with_one_objective_the_front_is_the_best_trial() -> None:
    trials = [_complete(0, 0.2), _complete(1, 0.3), _complete(2, 0.3)]
    study = _of_two(*trials, directions=("max",))
    assert study.front == [study.best] == [trials[1]]


def test_a_trial_that_breaks_a_constraint_is_neither_best_nor_on_the_front() -> None:
    study = _of_two(
        _complete(0, 0.9, 50.0, constraints={"bytes": 1.0}),
        _complete(1, 0.3, 49.0, constraints={"bytes": 0.0}),
    )
    assert [trial.feasible for trial in study.trials] == [False, True]
    assert study.best is study.trials[1]
    assert study.front == [study.trials[1]]


def test_a_trial_that_was_trained_on_stands_behind_the_one_that_went_on() -> None:
    parent = _complete(0, 0.3, 9.0)
    child = _complete(1, 0.3, 9.0, stage={"bracket": 0, "round": 1, "until": 3, "parent": 0})
    assert _of_two(parent, child).continued == {0}
    assert _of_two(parent, child).best is child
    assert _of_two(parent, child).once.trials == [child]
    broken = TrialRecord(1, "failed", stage=child.stage)
    assert _of_two(parent, broken).best is parent
