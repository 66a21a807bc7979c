"""What lies around training: storage, checkpoints and pruning, and memory over many trials."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.memory import peak
from benchmarks.movielens import CORES, encoded
from benchmarks.pairs import Row
from search.commands.progress import Silence
from search.resolve import resolve
from search.run import begin, work
from search.storage import Place, checkpoints
from search.study import Study
from search.task import Goal, Hooks, Task
from search.training.program import Programs
from search.trial import run_trial
from search.tuners.optuna import Pruner
from spaces import TowerConfig

__all__ = ["memory", "overhead"]

_AROUND = [
    (Study, "claim"),
    (Study, "report"),
    (Study, "finish"),
    (Pruner, "prunes"),
    (checkpoints, "save"),
]
_EPOCHS = 30  # of the [64, 32] model: about ten seconds


def overhead() -> list[Row]:
    """Seconds around four trials of about ten seconds, by what took them."""
    place = Place(f"sqlite:///{tempfile.mkdtemp()}/towersearch.db")
    space = {"depth": 2, "learning_rate": {"real": [0.01, 0.1], "log": True}, "patience": 0}
    table = {
        "study": {"name": "bench", "trials": 4, "pruner": "median"},
        "data": {"source": "movielens/100k"},
        "space": {**space, "epochs": _EPOCHS},
    }
    study = begin(resolve(table), place, threads=CORES, command="benchmarks")
    spent = {name: 0.0 for _, name in _AROUND}
    started = time.perf_counter()
    with _timed(spent):
        work(study, Silence(), lambda: False)
    total = time.perf_counter() - started
    shares = {name: 100 * seconds / total for name, seconds in spent.items()}
    note = f"of {total / 4:.1f} s a trial"
    return [Row("around a trial", "%", shares | {"all": sum(shares.values())}, note=note)]


def memory() -> list[Row]:
    """Peak memory after 20 and after 200 trials of one epoch, in shapes that seldom repeat."""
    data, programs = encoded(), Programs()
    folder = Path(tempfile.mkdtemp())
    peaks = {}
    for number in range(200):
        config = TowerConfig(
            depth=1 + number % 4, output_dim=8 + number % 23, epochs=1, batch_size=2048
        )
        goal = Goal("top_100_accuracy", "max")
        task = Task(data, config, number, goal, folder / "checkpoint", programs=programs)
        run_trial(task, Hooks(lambda *_: False, lambda: False, lambda *_: None))
        if number + 1 in (20, 200):
            peaks[f"after {number + 1} trials"] = peak() / 1e6
    return [Row("peak memory", "MB", peaks)]


@contextmanager
def _timed(spent: dict[str, float]) -> Iterator[None]:
    """Count the seconds of what lies around training while the block runs."""
    originals = [getattr(owner, name) for owner, name in _AROUND]
    for owner, name in _AROUND:
        setattr(owner, name, _counted(getattr(owner, name), name, spent))
    yield
    for (owner, name), original in zip(_AROUND, originals, strict=True):
        setattr(owner, name, original)


def _counted(
    function: Callable[..., Any], name: str, spent: dict[str, float]
) -> Callable[..., Any]:
    def wrapper(*arguments: Any, **options: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*arguments, **options)
        finally:
            spent[name] += time.perf_counter() - started

    return wrapper
