from __future__ import annotations

import json
import math
import subprocess
import sys
from datetime import datetime

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
