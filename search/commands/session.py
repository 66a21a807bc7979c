"""One sitting at a study: signals, deadline, progress, one worker or several, closing words."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

import reports
from search.commands import show
from search.commands.live import LiveReport
from search.commands.progress import progress
from search.confirmation.confirm import confirmations
from search.confirmation.findings import confirmation, readings
from search.failures import Streak
from search.interruption import EXIT_STATUS, stop_on_signals
from search.records import StudyRecord
from search.run import work
from search.spec import StudySpec
from search.storage import DEFAULT_STORAGE, Place
from search.study import Study
from search.study.charter import names
from search.summaries import conclusion
from search.tuners import notice
from search.workers import supervise
from spaces import InputError

__all__ = ["Sitting", "interrupted", "sit"]


@dataclass(frozen=True)
class Sitting:
    """How long and with how many workers; `report` is where the report goes, if anywhere.

    `timeout` is in seconds. With `as_json`, a confirmation's findings are all that is printed.
    """

    workers: int = 1
    timeout: float | None = None
    report: Path | None = None
    data_dir: Path | None = None
    as_json: bool = False

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise InputError(f"workers: must be at least 1, got {self.workers}.")
        if self.timeout is not None and not self.timeout > 0:
            raise InputError(f"timeout: must be above 0 seconds, got {self.timeout:g}.")
        if self.report is not None:
            reports.check_path(self.report)


def sit(study: Study, sitting: Sitting) -> int:
    """Run trials until the budget, the time or the person's patience is used up.

    Returns the exit status: 0, or 1 where all trials ended and none completed or too many failed
    in a row, or 130 where the person interrupted.
    """
    deadline = time.monotonic() + (sitting.timeout or float("inf"))
    console = Console(quiet=sitting.as_json)
    if not study.record().trials:
        for line in _opening(study.spec):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    with stop_on_signals(_farewell(study.name, study.place, sitting)) as stop:
        with progress(console, study.record()) as shown:
            report = sitting.report
            listener = shown if report is None else LiveReport(shown, study.record, report)
            streak = Streak(listener, study.spec.study.failures_in_a_row)

            def stops() -> bool:
                return stop() or streak.too_long or time.monotonic() > deadline

            if sitting.workers == 1:
                work(study, streak, stops, sitting.data_dir)
            else:
                supervise(study, sitting.workers, streak, stops, sitting.data_dir)
        record = study.record()
        if streak.too_long:
            console.print(streak.sentence, markup=False, highlight=False, soft_wrap=True)
        _conclude(console, study, record, sitting)
    if stop.asked:
        return EXIT_STATUS
    failed = streak.too_long or (record.best is None and record.ended >= record.budget)
    return 1 if failed else 0


def interrupted(name: str, place: Place, sitting: Sitting) -> str:
    """What a person reads who interrupted before the first trial: whether the study is there."""
    if place.exists and name in names(place.open()):
        return _farewell(name, place, sitting)
    return "Interrupted before the study began; nothing was stored."


def _opening(spec: StudySpec) -> Iterator[str]:
    """Who searches, and what is to be known of it."""
    if not spec.study.confirms:
        yield f"Searches with {spec.study.tuner}, pruner {spec.study.pruner}."
    if caution := notice(spec):
        yield caution


def _farewell(name: str, place: Place, sitting: Sitting) -> str:
    options = _options(place, sitting.data_dir)
    return f"Go on:  towersearch resume {shlex.quote(name)}{options}"


def _conclude(console: Console, study: Study, record: StudyRecord, sitting: Sitting) -> None:
    if sitting.report is not None:
        reports.write(record, sitting.report)
    if record.confirmation and record.best:
        _show_confirmed(record, study.place, sitting)
    options = _options(study.place, sitting.data_dir)
    for line in conclusion(record, options, sitting.report, study.spec.limit):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _show_confirmed(record: StudyRecord, place: Place, sitting: Sitting) -> None:
    found = confirmation(record)
    if sitting.as_json:
        show.as_json(found.as_list())
    else:
        show.confirmed(found, readings(confirmations(place, record.confirmation["of"])))


def _options(place: Place, data_dir: Path | None) -> str:
    """The options without which another command would not find the study and its files."""
    given = {
        "--storage": None if place.url == DEFAULT_STORAGE else place.shown,
        "--artifacts": place.artifacts,
        "--data-dir": data_dir,
    }
    return "".join(f" {name} {shlex.quote(str(value))}" for name, value in given.items() if value)
