"""What a person sees while a study runs: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.status import Status
from rich.table import Table
from rich.text import Text

from search.records import ENDED, StudyRecord, TrialRecord
from search.summaries import about, goals, number

__all__ = ["Lines", "LiveTable", "Silence", "preparing", "progress"]

_SHOWN = 12


@contextmanager
def progress(console: Console, record: StudyRecord) -> Iterator[Lines | LiveTable]:
    """The listener that fits the console."""
    if not console.is_terminal:
        yield Lines(console, record)
        return
    table = LiveTable(record)
    with Live(table, console=console, refresh_per_second=4):
        yield table


def preparing(console: Console) -> Status:
    """On a terminal, what takes the seconds before a study's first trial."""
    return console.status("Encoding the data, measuring the baselines")


class Silence:
    """Says nothing: the supervisor of several workers speaks for them."""

    def epoch(self, number: int, epoch: int, epochs: int, value: float | None) -> None:
        """Say nothing."""

    def trial(self, trial: TrialRecord) -> None:
        """Say nothing."""


class Lines:
    """One plain line a finished trial."""

    def __init__(self, console: Console, record: StudyRecord) -> None:
        self._console, self._record = console, record

    def epoch(self, number: int, epoch: int, epochs: int, value: float | None) -> None:
        """Epochs are not worth a line."""

    def trial(self, trial: TrialRecord) -> None:
        """Print how the trial ended."""
        ending = _ending(self._record, trial)
        line = f"trial {trial.number}  {ending}  {about(self._record, trial)}"
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


class LiveTable:
    """The latest trials, the one in training, the best so far, and the time left."""

    def __init__(self, record: StudyRecord) -> None:
        self._record, self._metric = record, record.objectives[0]
        self._ended = [trial for trial in record.trials if trial.state in ENDED]
        self._running: dict[int, str] = {}
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("trials, time left"),
            TimeRemainingColumn(compact=True),
        )
        self._task = self._bar.add_task(
            record.name, total=record.budget, completed=len(self._ended)
        )

    def epoch(self, number: int, epoch: int, epochs: int, value: float | None) -> None:
        """Show how far the trial is."""
        reached = "" if value is None else f", {self._metric} {value:.4f}"
        self._running[number] = f"epoch {epoch} of {epochs}{reached}"

    def trial(self, trial: TrialRecord) -> None:
        """Move the trial to those that ended."""
        self._running.pop(trial.number, None)
        self._ended.append(trial)
        self._bar.advance(self._task)

    def __rich__(self) -> Group:
        return Group(self._table(), self._bar)

    def _table(self) -> Table:
        best = replace(self._record, trials=self._ended).best
        caption = (
            f"best so far: trial {best.number}, {best.value:.4f}" if best else "no best trial yet"
        )
        table = Table("trial", "state", self._metric, "epoch", "configuration", caption=caption)
        for trial in self._ended[-_SHOWN:]:
            cells = [Text(cell) for cell in _cells(self._record, trial)]
            table.add_row(*cells, style="bold" if trial is best else "")
        for running, where in sorted(self._running.items()):
            table.add_row(str(running), "running", "", "", where, style="dim")
        return table


def _ending(record: StudyRecord, trial: TrialRecord) -> str:
    if trial.value is None:
        return f"{trial.state}  {trial.error}"
    seconds = (trial.cost.get("train_seconds") or 0) + (trial.cost.get("evaluate_seconds") or 0)
    return f"{trial.state}  {goals(record, trial)} at epoch {trial.best_epoch}  {seconds:.1f} s"


def _cells(record: StudyRecord, trial: TrialRecord) -> tuple[str, ...]:
    said = about(record, trial) if trial.error is None else trial.error
    return str(trial.number), trial.state, number(trial.value), str(trial.best_epoch or ""), said
