"""Every tuner on real ratings: killed and resumed, a study ends as the one that was not.

`python -m tests.torture.every_tuner` runs two studies of 12 trials for each tuner, kills one of
them with SIGKILL in the middle of three trials, and compares their records, bit for bit.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from search.records import StudyRecord
from search.storage import Place
from search.study import Study
from search.tuners import TUNERS, is_installed
from tests.torture.processes import Process, start
from tests.torture.studies import results

_SPEC = """
[study]
objective = "top_100_accuracy"
tuner = "{tuner}"
pruner = "none"
trials = {trials}

[data]
source = "movielens-small"
split = {{ by = "random", train = 0.2, validation = 0.05, test = 0.75 }}

[space]
depth = {{ integer = [1, 2] }}
width = {{ choice = [16, 32] }}
optimizer = {{ choice = ["adam", "sgd"] }}
learning_rate = {{ real = [0.001, 0.1]{step} }}
momentum = {{ choice = [0.0, 0.9] }}
embedding_dim = 8
output_dim = 8
batch_size = 2048
epochs = 3
patience = 0
"""
_KILLS, _TRIALS_BETWEEN_KILLS = 3, 2
_TRIAL_SECONDS = 1.0  # about what a trial takes


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tuners", nargs="*", default=list(TUNERS))
    parser.add_argument("--trials", type=int, default=12)
    given = parser.parse_args()
    differing = [name for name in given.tuners if not _same(name, given.trials)]
    sys.exit(f"differ: {', '.join(differing)}" if differing else 0)


def _same(tuner: str, trials: int) -> bool:
    if not is_installed(tuner):
        print(f"{tuner:24} skipped: torch is not installed")
        return True
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        step = ", step = 0.033" if tuner == "optuna.grid" else ""
        (home / "spec.toml").write_text(_SPEC.format(tuner=tuner, trials=trials, step=step))
        _run(home, "run", "spec.toml", "--name", "straight")
        _killed_to_the_end(home, random.Random(tuner))
        _run(home, "report", "broken", "-o", "report.html")
        straight, broken = _record(home, "straight"), _record(home, "broken")
    same = results(straight) == results(broken)
    made = straight.trials
    states = ", ".join(sorted({trial.state for trial in made}))
    promoted = sum(trial.stage.get("parent") is not None for trial in made)
    print(
        f"{tuner:24} {len(made)} trials ({states}; {promoted} promoted), {_KILLS} kills: "
        f"{'the same' if same else 'NOT THE SAME'}",
        flush=True,
    )
    return same


def _killed_to_the_end(home: Path, chance: random.Random) -> None:
    """Run the study `broken`, killing it in the middle of trials, and let it end at last."""
    command = ["run", "spec.toml", "--name", "broken"]
    for _ in range(_KILLS):
        process = start(home, *command)
        _wait_for_trials(process, _TRIALS_BETWEEN_KILLS)
        time.sleep(chance.random() * _TRIAL_SECONDS)
        process.kill()
        process.wait()
        command = ["resume", "broken"]
    _run(home, *command)


def _wait_for_trials(process: Process, count: int) -> None:
    """Wait until it has said of so many trials how they ended."""
    while not process.output.exists() or _ended(process) < count:
        assert process.ended() is None, process.output.read_text()
        time.sleep(0.05)


def _ended(process: Process) -> int:
    lines = process.output.read_text().splitlines()
    return sum(line.startswith("trial ") for line in lines)


def _record(home: Path, name: str) -> StudyRecord:
    place = Place(f"sqlite:///{home}/towersearch.db")
    return Study(place, name, write=False).record()


def _run(home: Path, *arguments: str) -> None:
    process = start(home, *arguments)
    if process.wait():
        sys.exit(process.output.read_text())


if __name__ == "__main__":
    _main()
