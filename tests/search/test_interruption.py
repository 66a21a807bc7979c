"""Real processes: signals, kills, and several workers."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from search.records import StudyRecord
from search.storage import Place
from search.study import Study
from search.study.charter import names
from tests.films import SPEC, write_films
from tests.torture.studies import results

TRIALS = """
[study]
name = "real"
objective = "top_5_accuracy"
tuner = "optuna.random"
pruner = "none"
trials = 2

[space]
depth = {{ integer = [1, 2] }}
learning_rate = {{ real = [0.001, 0.01], log = true }}
width = 8
output_dim = 8
embedding_dim = 8
batch_size = 64
epochs = {epochs}
patience = 0
"""


def _begin(folder: Path, *options: str, epochs: int = 150) -> subprocess.Popen[str]:
    """Write the study into the folder, and start to run it."""
    (folder / "real.toml").write_text(TRIALS.format(epochs=epochs) + SPEC)
    write_films(folder)
    return _start(folder, "run", "real.toml", *options)


def _start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "search.cli", *arguments]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _record(folder: Path) -> StudyRecord:
    place = Place(f"sqlite:///{folder}/towersearch.db")
    return Study(place, "real").record()


def _finish(process: subprocess.Popen[str], status: int) -> str:
    out, _ = process.communicate(timeout=240)
    assert process.returncode == status, out
    return out


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the study, run from beginning to end."""
    folder = tmp_path_factory.mktemp("straight")
    _finish(_begin(folder), 0)
    return folder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_study_that_was_ended_and_resumed_equals_one_that_was_not(
    number: signal.Signals, straight: Path, tmp_path: Path
) -> None:
    process = _begin(tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "Searches with optuna.random, pruner none.\n"
    assert process.stdout.readline().startswith("trial 0  complete")
    _wait_for(lambda: any(trial.number == 1 and trial.curve for trial in _record(tmp_path).trials))
    process.send_signal(number)
    if number == signal.SIGKILL:
        process.communicate()
    else:
        out = _finish(process, 130)
        assert out.endswith("Go on:  towersearch resume real\n")
    assert [trial.state for trial in _record(tmp_path).trials] == ["complete", "waiting"]
    _finish(_start(tmp_path, "resume", "real"), 0)
    assert results(_record(tmp_path)) == results(_record(straight))
    assert not list((tmp_path / "towersearch.db.d/real/checkpoints").iterdir())


@pytest.mark.parametrize("moment", ["made", "begun", "training"])
def test_two_signals_stop_at_once_and_say_how_to_go_on(moment: str, tmp_path: Path) -> None:
    process = _begin(tmp_path, "--trials", "1", epochs=10_000)
    _wait_for(lambda: _reached(moment, tmp_path))
    process.send_signal(signal.SIGTERM)
    time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    out = _finish(process, 130).splitlines()[-1]
    begun = "real" in names(Place(f"sqlite:///{tmp_path}/towersearch.db").open())
    assert begun or moment == "made"
    assert out == (
        "Go on:  towersearch resume real"
        if begun
        else "Interrupted before the study began; nothing was stored."
    )


def test_leaving_at_once_writes_below_the_live_table_and_shows_the_cursor_again() -> None:
    script = (
        "from signal import SIGINT, raise_signal\n"
        "from search.interruption import stop_on_signals\n"
        "with stop_on_signals('Go on.'):\n    raise_signal(SIGINT)\n    raise_signal(SIGINT)"
    )
    terminal, end = pty.openpty()
    assert subprocess.run([sys.executable, "-c", script], stdout=end).returncode == 130
    assert os.read(terminal, 100) == b"\x1b[?25h\r\nGo on.\r\n"


def test_a_worker_follows_its_supervisor_before_it_loads_what_takes_long() -> None:
    script = """if True:
        import sys
        from search import cli, processes

        def follow():
            print({"tensorflow", "optuna"} & {*sys.modules})
            sys.exit()

        processes.follow_supervisor = follow
        sys.argv = ["towersearch", "work", "any"]
        cli.main()
    """
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr


def test_two_workers_share_a_study_and_never_exceed_its_total(tmp_path: Path) -> None:
    out = _finish(_begin(tmp_path, "--trials", "3", "--workers", "2"), 0)
    assert sorted(line.split()[1] for line in out.splitlines()[1:4]) == ["0", "1", "2"]
    record = _record(tmp_path)
    assert [trial.state for trial in record.trials] == ["complete"] * 3
    assert record.budget == 3


def test_a_time_limit_leaves_a_study_that_goes_on(tmp_path: Path) -> None:
    out = _finish(_begin(tmp_path, "--timeout", "0.001"), 0)
    assert out.splitlines()[-1] == "Go on:  towersearch resume real"


def _reached(moment: str, folder: Path) -> bool:
    """Whether the study's lock has been made, the study begun, or its first trial trains."""
    if not (folder / "towersearch.db.claims").exists():
        return False
    if moment == "made":
        return True
    if "real" not in names(Place(f"sqlite:///{folder}/towersearch.db").open()):
        return False
    return moment == "begun" or any(trial.curve for trial in _record(folder).trials)


def _wait_for(condition: Any, seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)
