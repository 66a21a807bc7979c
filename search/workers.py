"""Several processes on one machine, each working on the same study."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from search.records import ENDED
from search.run import Listener
from search.storage import Place
from search.study import Study

__all__ = ["orphaned", "supervise"]

_POLL_SECONDS = 0.5
_PARENT = "TOWERSEARCH_PARENT"


def supervise(
    study: Study,
    place: Place,
    count: int,
    listener: Listener,
    stops: Callable[[], bool],
    data_dir: Path | None,
) -> None:
    """Start `count` workers on the study, tell the listener what they do, and see them out."""
    told = {trial.number for trial in study.record().trials if trial.state in ENDED}
    with _workers(study, place, count, data_dir) as workers:
        while any(worker.poll() is None for worker in workers):
            if stops():
                break
            time.sleep(_POLL_SECONDS)
            _tell(study, listener, told)
    _tell(study, listener, told)


def orphaned() -> bool:
    """Whether this process is a worker whose supervisor has died."""
    return os.environ.get(_PARENT, str(os.getppid())) != str(os.getppid())


@contextmanager
def _workers(
    study: Study, place: Place, count: int, data_dir: Path | None
) -> Iterator[list[subprocess.Popen[bytes]]]:
    command = [sys.executable, "-m", "search.cli", "work", study.name, "--storage", place.url]
    command += ["--artifacts", str(place.artifacts)] if place.artifacts else []
    command += ["--data-dir", str(data_dir)] if data_dir else []
    environment = os.environ | {_PARENT: str(os.getpid())}
    workers = [
        subprocess.Popen(command, env=environment, start_new_session=True) for _ in range(count)
    ]
    try:
        yield workers
    finally:
        for worker in workers:
            if worker.poll() is None:
                worker.terminate()
        for worker in workers:
            worker.wait()


def _tell(study: Study, listener: Listener, told: set[int]) -> None:
    record = study.record()
    for trial in record.trials:
        if trial.state == "running" and trial.curve:
            latest = trial.curve[-1]
            epoch, value = int(latest["epoch"] or 0), latest[record.objectives[0]]
            listener.epoch(trial.number, epoch, trial.config["epochs"], value)
        elif trial.state in ENDED and trial.number not in told:
            told.add(trial.number)
            listener.trial(trial)
