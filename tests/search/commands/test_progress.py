from __future__ import annotations

import io

from rich.console import Console

from search.commands.progress import Lines, LiveTable, preparing, progress
from search.records import StudyRecord, TrialRecord

RECORD = StudyRecord("s", ["mrr"], ["max"], budget=4)
DONE = TrialRecord(
    3,
    "complete",
    {"depth": 2, "rate": 0.00123},
    value=0.25,
    best_epoch=7,
    cost={"train_seconds": 3.0},
)
FAILED = TrialRecord(4, "failed", {"depth": 2}, error="[b]no[/b] room")


def _console(terminal: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=100, color_system=None)


def _text(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_terminal_shows_what_comes_before_the_first_trial() -> None:
    shown, piped = _console(terminal=True), _console(terminal=False)
    for console in (shown, piped):
        with preparing(console):
            pass
    assert "Encoding the data, measuring the baselines" in _text(shown)
    assert _text(piped) == ""


def test_piped_output_has_a_plain_line_a_trial() -> None:
    console = _console(terminal=False)
    with progress(console, RECORD) as listener:
        assert isinstance(listener, Lines)
        listener.epoch(3, 1, 9, 0.2)
        listener.trial(DONE)
        listener.trial(FAILED)
    assert _text(console) == (
        "trial 3  complete  mrr 0.2500 at epoch 7  3.0 s  depth=2 rate=0.00123\n"
        "trial 4  failed  [b]no[/b] room  depth=2\n"
    )


def test_a_terminal_shows_the_trials_the_best_and_the_one_in_training() -> None:
    console = _console(terminal=True)
    table = LiveTable(RECORD)
    table.trial(DONE)
    table.trial(FAILED)
    table.epoch(5, 2, 9, 0.125)
    console.print(table)
    shown = _text(console)
    for part in ("complete", "0.2500", "[b]no[/b] room", "epoch 2 of 9, mrr 0.1250", "2/4"):
        assert part in shown
    assert "best so far: trial 3, 0.2500" in shown


def test_what_a_study_had_before_counts() -> None:
    console = _console(terminal=True)
    record = StudyRecord("s", ["mrr"], ["max"], budget=4, trials=[DONE])
    console.print(LiveTable(record))
    assert "1/4" in _text(console)
