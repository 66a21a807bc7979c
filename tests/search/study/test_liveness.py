from __future__ import annotations

import threading
import time

import pytest
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.processes import identity
from search.study import liveness
from search.study.liveness import BEAT_SECONDS, Watch, beating


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def _trial(beat: int, claim: str = "a", **elsewhere: str) -> FrozenTrial:
    worker = identity() | {"claim": claim} | elsewhere
    trial = create_trial(state=TrialState.RUNNING, user_attrs={"worker": worker, "beat": beat})
    trial.number = 3
    return trial


def test_a_process_of_this_machine_is_judged_at_once() -> None:
    assert Watch().lives(_trial(0)) is True
    assert Watch().lives(_trial(0, start="1")) is False


def test_a_worker_elsewhere_lives_once_its_beat_was_seen_to_change(clock: list[float]) -> None:
    watch = Watch()
    watch.look([_trial(7, host="b")])
    assert watch.lives(_trial(7, host="b")) is None
    watch.look([_trial(8, host="b")])
    assert watch.lives(_trial(8, host="b")) is True


def test_a_worker_elsewhere_is_dead_after_six_silent_looks_a_beat_apart(clock: list[float]) -> None:
    watch, verdicts = Watch(), []
    for _ in range(7):
        watch.look([_trial(0, host="b")])
        verdicts.append(watch.lives(_trial(0, host="b")))
        clock[0] += BEAT_SECONDS
    assert verdicts == [None] * 6 + [False]


def test_looks_in_quick_succession_count_as_one(clock: list[float]) -> None:
    watch = Watch()
    for _ in range(100):
        watch.look([_trial(0, host="b")])
        clock[0] += BEAT_SECONDS / 200
    assert watch.lives(_trial(0, host="b")) is None


def test_a_long_time_without_a_look_proves_nothing(clock: list[float]) -> None:
    watch = Watch()
    watch.look([_trial(0, host="b")])
    clock[0] += 10_000  # the storage was away, and no beat could be written either
    watch.look([_trial(0, host="b")])
    assert watch.lives(_trial(0, host="b")) is None


def test_another_claim_of_the_same_trial_is_judged_anew(clock: list[float]) -> None:
    watch = Watch()
    watch.look([_trial(0, host="b")])
    watch.look([_trial(1, host="b")])
    assert watch.lives(_trial(1, claim="other", host="b")) is None


def test_beats_go_on_through_failures_and_end_with_the_block(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(liveness, "BEAT_SECONDS", 0.005)
    beats, enough = list[int](), threading.Event()

    def beat(number: int) -> None:
        beats.append(number)
        if number == 4:
            enough.set()
        if number == 2:
            raise OSError("away")

    with beating(beat):
        assert enough.wait(10)
    ended = len(beats)
    time.sleep(0.05)
    assert beats == list(range(1, ended + 1))
