from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import reports
from search.commands.live import LiveReport
from search.records import StudyRecord, TrialRecord

ENDED = TrialRecord(0, "complete", value=0.1)


class Heard:
    def __init__(self) -> None:
        self.epochs: list[Any] = []
        self.trials: list[TrialRecord] = []

    def epoch(self, *told: Any) -> None:
        self.epochs.append(told)

    def trial(self, trial: TrialRecord) -> None:
        self.trials.append(trial)


class Clock:
    """A clock that a test turns; each writing takes two seconds of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.written = 100.0, 0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(reports, "write", self._write)

    def _write(self, record: StudyRecord, path: Path, *, live: bool) -> None:
        assert live
        self.now += 2
        self.written += 1


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def record() -> StudyRecord:
    return StudyRecord("s", ("mrr",), ("max",), 2, trials=(ENDED,))


def test_the_page_is_there_before_the_first_trial(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    LiveReport(Heard(), lambda: replace(record(), trials=()), path)
    assert '<html lang="en" data-live="' in path.read_text()


def test_all_that_is_told_is_passed_on(clock: Clock) -> None:
    heard = Heard()
    report = LiveReport(heard, record, Path("r.html"))
    report.epoch(0, 1, 2, 0.1)
    report.trial(ENDED)
    assert (heard.epochs, heard.trials) == ([(0, 1, 2, 0.1)], [ENDED])


def test_the_page_is_written_again_only_after_twenty_times_what_a_writing_took(
    clock: Clock,
) -> None:
    report = LiveReport(Heard(), record, Path("r.html"))
    for seconds, written in ((1, 1), (38, 1), (1, 2), (39, 2), (1, 3)):
        clock.now += seconds
        report.trial(ENDED)
        assert clock.written == written


def test_a_page_that_cannot_be_written_does_not_end_the_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(reports, "write", refuse)
    LiveReport(Heard(), record, Path("r.html")).trial(ENDED)
