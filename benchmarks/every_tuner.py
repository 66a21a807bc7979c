"""Every tuner on real ratings: killed and resumed, a study ends as the one that was not.

`python -m benchmarks.every_tuner` runs two studies of 12 trials for each tuner, kills one of them
with SIGKILL in the middle of three trials, and compares what both have recorded, bit for bit.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from search.tuners import TUNERS

_SPEC = """
[study]
objective = "top_100_accuracy"
tuner = "{tuner}"
pruner = "none"
trials = {trials}

[data]
source = "movielens-small"

[space]
depth = {{ integer = [1, 2] }}
width = {{ choice = [16, 32] }}
optimizer = {{ choice = ["adam", "sgd"] }}
learning_rate = {{ real = [0.001, 0.1]{step} }}
momentum = {{ choice = [0.0, 0.9] }}
embedding_dim = 8
output_dim = 8
batch_size = 8192
epochs = 3
patience = 0
"""
_KILLS, _TRIALS_BETWEEN_KILLS = 3, 2
_TRIAL_SECONDS = 1.0  # about what a trial takes
_COMPARED = ("number", "state", "params", "value", "curve", "seed", "stage", "error")


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tuners", nargs="*", default=list(TUNERS))
    parser.add_argument("--trials", type=int, default=12)
    given = parser.parse_args()
    differing = [name for name in given.tuners if not _same(name, given.trials)]
    sys.exit(f"differ: {', '.join(differing)}" if differing else 0)


def _same(tuner: str, trials: int) -> bool:
    if tuner == "optuna.gp" and not find_spec("torch"):
        print(f"{tuner:24} skipped: torch is not installed")
        return True
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "spec.toml"
        step = ", step = 0.033" if tuner == "optuna.grid" else ""
        spec.write_text(_SPEC.format(tuner=tuner, trials=trials, step=step))
        _towersearch(folder, "run", "spec.toml", "--name", "straight")
        _killed_to_the_end(folder, random.Random(tuner))
        straight, broken = (_trials(folder, name) for name in ("straight", "broken"))
        _towersearch(folder, "report", "broken", "-o", "report.html")
    promoted = sum(trial["stage"].get("parent") is not None for trial in straight)
    states = ", ".join(sorted({trial["state"] for trial in straight}))
    same = straight == broken
    print(
        f"{tuner:24} {len(straight)} trials ({states}; {promoted} promoted), {_KILLS} kills: "
        f"{'the same' if same else 'NOT THE SAME'}",
        flush=True,
    )
    return same


def _killed_to_the_end(folder: str, chance: random.Random) -> None:
    """Run the study `broken`, killing it in the middle of trials, and let it end at last."""
    command = ["run", "spec.toml", "--name", "broken"]
    for _ in range(_KILLS):
        with _started(folder, *command) as process:
            _wait_for_trials(process, _TRIALS_BETWEEN_KILLS)
            time.sleep(chance.random() * _TRIAL_SECONDS)
            process.kill()
        command = ["resume", "broken"]
    _towersearch(folder, *command)


def _wait_for_trials(process: subprocess.Popen[str], count: int) -> None:
    """Read the lines that it prints until so many say how a trial ended."""
    assert process.stdout
    ended = (line for line in process.stdout if line.startswith("trial "))
    for _ in islice(ended, count):
        pass


def _trials(folder: str, name: str) -> list[dict[str, Any]]:
    trials = json.loads(_towersearch(folder, "trials", name, "--json"))
    return [{key: trial[key] for key in _COMPARED} for trial in trials]


def _command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "search.cli", *arguments]


def _towersearch(folder: str, *arguments: str) -> str:
    done = subprocess.run(_command(arguments), cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def _started(folder: str, *arguments: str) -> subprocess.Popen[str]:
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
    return subprocess.Popen(_command(arguments), cwd=folder, stdout=pipe, stderr=quiet, text=True)


if __name__ == "__main__":
    _main()
