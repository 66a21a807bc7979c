"""Seconds and memory of the commands that only read, and of the command that searches."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from benchmarks.pairs import Row, row
from search.records import StudyRecord
from search.storage import Place
from search.storage.outages import StorageError
from search.study import Study
from spaces import InputError

__all__ = ["cold_start", "reading", "run", "workers"]

_TURNS, _TRIALS, _TARGET = 3, 1000, 0.44
_LAUNCHER = """
import resource, subprocess, sys, time
started = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
seconds = time.perf_counter() - started
print(seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def run(folder: Path, *arguments: str) -> tuple[float, float]:
    """Seconds and peak bytes of `towersearch` with the arguments."""
    # A process starts with the peak of the one that made it, so a small one stands between.
    command = [sys.executable, "-I", "-S", "-c", _LAUNCHER, sys.executable, "-m", "search.cli"]
    out = subprocess.run(
        [*command, *arguments], cwd=folder, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    seconds, kilobytes = map(float, out.splitlines()[-1].split())
    return seconds, 1024 * kilobytes


def reading() -> list[Row]:
    """`--help`, and `status` and `report` of a study of 1,000 trials."""
    folder = Path(tempfile.mkdtemp())
    _begin(folder, ["--preset", "towers", "--trials", "1"])
    _fill(folder)
    commands = {
        "--help": ["--help"],
        "status": ["status", "bench"],
        "report": ["report", "bench", "-o", "report.html"],
    }
    measured = {
        name: [run(folder, *command) for _ in range(_TURNS)] for name, command in commands.items()
    }
    seconds = {name: [s for s, _ in values] for name, values in measured.items()}
    memory = {name: [m / 1e6 for _, m in values] for name, values in measured.items()}
    name = f"a study of {_TRIALS:,} trials"
    return [
        row(f"{name}: time", seconds, of="--help"),
        row(f"{name}: peak memory", memory, of="--help", unit="MB"),
    ]


def workers() -> list[Row]:
    """The same twelve trials by one worker with all cores, and by two with half of them each."""
    folder = Path(tempfile.mkdtemp())
    hours: dict[str, list[float]] = {"1 worker": [], "2 workers": []}
    for turn in range(_TURNS):
        for count, measured in enumerate(hours.values(), 1):
            name = f"bench-{turn}-{count}"
            options = ["--preset", "towers", "--tuner", "optuna.random", "--trials", "12"]
            _begin(folder, [*options, "--workers", str(count)], name)
            measured.append(_trials_an_hour(_record(folder, name)))
    return [row("trials an hour", hours, of="1 worker", unit="")]


def cold_start() -> list[Row]:
    """From the start of the command to a validation top-100 accuracy of 0.44."""
    seconds = []
    for _ in range(_TURNS):
        folder = Path(tempfile.mkdtemp())
        started = time.perf_counter()
        process = subprocess.Popen(
            _command("full", ["--preset", "full"]), cwd=folder, stdout=subprocess.DEVNULL
        )
        _wait_for(partial(_reached, folder, "full"))
        seconds.append(time.perf_counter() - started)
        process.terminate()
        process.wait()
    return [row("cold start to 0.44, --preset full", {"engine": seconds}, of="engine")]


def _command(name: str, options: list[str]) -> list[str]:
    data = ["--data", "movielens/100k", "--name", name]
    return [sys.executable, "-m", "search.cli", "run", *data, *options]


def _begin(folder: Path, options: list[str], name: str = "bench") -> None:
    subprocess.run(_command(name, options), cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _record(folder: Path, name: str) -> StudyRecord:
    return Study(Place(f"sqlite:///{folder}/towersearch.db"), name).record()


def _fill(folder: Path) -> None:
    """Store the one trial of the study again and again, each with a value of its own."""
    storage = Place(f"sqlite:///{folder}/towersearch.db").open()
    study = storage.get_study_id_from_name("bench")
    trial = storage.get_all_trials(study)[0]
    for number in range(1, _TRIALS):
        trial.value = trial.user_attrs["value"] = number / _TRIALS
        storage.create_new_trial(study, trial)


def _trials_an_hour(record: StudyRecord) -> float:
    """From the first trial's start to the last one's end."""
    started = min(datetime.fromisoformat(trial.started or "") for trial in record.trials)
    finished = max(datetime.fromisoformat(trial.finished or "") for trial in record.trials)
    return len(record.trials) * 3600 / (finished - started).total_seconds()


def _reached(folder: Path, name: str) -> bool:
    try:
        trials = _record(folder, name).trials
    except (InputError, StorageError):
        return False  # the study has not begun
    values = [entry["top_100_accuracy"] or 0.0 for trial in trials for entry in trial.curve]
    return max(values, default=0.0) >= _TARGET


def _wait_for(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.2)
