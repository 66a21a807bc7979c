"""Several processes on one machine, each working on the same study, tended by this one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from search.processes import SUPERVISOR, identity
from search.records import ENDED
from search.run import Listener
from search.storage.outages import StorageError
from search.study import Study
from spaces import InputError

__all__ = ["supervise"]

_POLL_SECONDS = 0.5
_REFUSALS: dict[int, type[Exception]] = {2: InputError, 3: StorageError}  # by exit status
_IDLE_DEATHS = 3  # so many workers may die in a row without a trial


def supervise(
    study: Study,
    count: int,
    listener: Listener,
    stops: Callable[[], bool],
    data_dir: Path | None,
) -> None:
    """Keep `count` workers on the study, tell the listener what they do, and see them out.

    A worker that dies is replaced, and its death counted against its trial. What stops a worker for
    good stops all: an `InputError`, a `StorageError` or a `RuntimeError` with what it said.
    """
    told = {trial.number for trial in study.record().trials if trial.state in ENDED}
    crew = _Crew(study, _command(study, data_dir), count)
    try:
        while crew.tend() and not stops():
            time.sleep(_POLL_SECONDS)
            _tell(study, listener, told)
    finally:
        crew.see_out()
    _tell(study, listener, told)


@dataclass(frozen=True)
class _Worker:
    process: subprocess.Popen[bytes]
    identity: dict[str, Any]
    words: IO[bytes]

    def last_words(self) -> str:
        """The last line of its standard error."""
        self.words.seek(0)
        lines = self.words.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"a worker ended with status {self.process.returncode}"


class _Crew:
    """The workers at work, each on its share of the cores."""

    def __init__(self, study: Study, command: list[str], count: int) -> None:
        self._study, self._command = study, command
        self._environment = os.environ | {
            SUPERVISOR: str(os.getpid()),
            "TOWERSEARCH_STORAGE": study.place.url,  # a command line is for all to see
        }
        self._idle_deaths = 0
        self._workers = {share: self._start(share) for share in _shares(count)}

    def tend(self) -> bool:
        """Replace the workers that were killed; whether anybody still works."""
        for share, worker in list(self._workers.items()):
            status = worker.process.poll()
            if status is None:
                continue
            del self._workers[share]
            with worker.words:
                if status:
                    self._bury(worker, status)
                    self._workers[share] = self._start(share)
        return bool(self._workers)

    def see_out(self) -> None:
        """Have every worker write its checkpoint and stop."""
        for worker in self._workers.values():
            worker.process.terminate()
        for worker in self._workers.values():
            worker.process.wait()
            worker.words.close()

    def _bury(self, worker: _Worker, status: int) -> None:
        if status > 0:
            raise _REFUSALS.get(status, RuntimeError)(worker.last_words())
        cause = signal.Signals(-status).name
        if status == -signal.SIGKILL:
            cause += ", as where memory runs out"
        self._idle_deaths += 1
        if self._study.bury(worker.identity, cause):
            self._idle_deaths = 0
        if self._idle_deaths >= _IDLE_DEATHS:
            raise RuntimeError(
                f"workers: {self._idle_deaths} in a row died before they had a trial: {cause}."
            )

    def _start(self, share: tuple[int, tuple[int, ...]]) -> _Worker:
        words = tempfile.TemporaryFile()  # noqa: SIM115
        process = subprocess.Popen(
            self._command, env=self._environment, stderr=words, start_new_session=True
        )
        os.sched_setaffinity(process.pid, share[1])
        return _Worker(process, identity(process.pid), words)


def _shares(count: int) -> list[tuple[int, tuple[int, ...]]]:
    """Each worker's number and its cores; where there are more workers, they share a core."""
    cores = sorted(os.sched_getaffinity(0))
    return [(n, tuple(cores[n::count]) or (cores[n % len(cores)],)) for n in range(count)]


def _command(study: Study, data_dir: Path | None) -> list[str]:
    command = [sys.executable, "-m", "search.cli", "work", study.name]
    command += ["--artifacts", str(study.place.artifacts)] if study.place.artifacts else []
    command += ["--data-dir", str(data_dir)] if data_dir else []
    return command


def _tell(study: Study, listener: Listener, told: set[int]) -> None:
    record = study.record()
    for trial in record.trials:
        if trial.state == "running" and trial.curve:
            latest = trial.curve[-1]
            epoch, value = int(latest["epoch"] or 0), latest[record.objectives[0]]
            listener.epoch(trial.number, epoch, trial.epochs, value)
        elif trial.state in ENDED and trial.number not in told:
            told.add(trial.number)
            listener.trial(trial)
