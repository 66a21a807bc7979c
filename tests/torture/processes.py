"""Runs the command line in forked processes that have loaded TensorFlow and not used it yet."""

from __future__ import annotations

import gc
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import search.cli
import search.commands.session
import search.trial  # loads TensorFlow, once for all processes
from tests.torture.kills import Kill, install

__all__ = ["KILLED", "Process", "after_a_moment", "fork", "run", "start", "wait_for"]

KILLED = -9  # the exit status of a process that SIGKILL has ended


@dataclass
class Process:
    """A command that runs in a process of its own."""

    pid: int
    output: Path
    _status: int | None = None

    def ended(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""
        return self._look(os.WNOHANG)

    def wait(self) -> int:
        """Its exit status, negative for a signal, once it has ended."""
        status = self._look(0)
        assert status is not None
        return status

    def kill(self) -> None:
        """End it as a loss of power would."""
        if self.ended() is None:
            os.kill(self.pid, signal.SIGKILL)

    def _look(self, options: int) -> int | None:
        if self._status is None:
            pid, status = os.waitpid(self.pid, options)
            self._status = os.waitstatus_to_exitcode(status) if pid else None
        return self._status


def fork(folder: Path, task: Callable[[], object]) -> Process:
    """Do something in a process of its own, in the folder; status 70 where it raises."""
    output = folder / f"output-{time.monotonic_ns()}.txt"
    gc.freeze()  # what is loaded outlives the process: each collection would go through it
    pid = os.fork()
    if pid:
        return Process(pid, output)
    try:
        _settle(folder, output)
        task()
        os._exit(0)
    except SystemExit as done:
        sys.stdout.flush()
        os._exit(int(done.code or 0))
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(70)


def start(folder: Path, *arguments: str, kill: Kill | None = None) -> Process:
    """Start `towersearch ARGUMENTS` in the folder, to be killed so."""

    def command() -> None:
        install(kill)
        sys.argv = ["towersearch", *arguments]
        search.cli.main()

    return fork(folder, command)


def run(folder: Path, *arguments: str, kill: Kill | None = None) -> int:
    """Run it to its end, or to its death; its exit status, negative for a signal."""
    return start(folder, *arguments, kill=kill).wait()


def after_a_moment(process: Process, chance: random.Random, longest: float) -> int:
    """Kill the process within so many seconds, unless it ends before; its exit status."""
    end = time.monotonic() + chance.random() * longest
    while time.monotonic() < end:
        if (status := process.ended()) is not None:
            return status
        time.sleep(0.005)
    process.kill()
    return process.wait()


def wait_for(condition: Callable[[], bool], seconds: float = 300) -> None:
    """Wait until something is so, not for ever."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def _settle(folder: Path, output: Path) -> None:
    os.chdir(folder)
    tempfile.tempdir = str(folder)  # TensorFlow leaves files behind when it is killed
    with output.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
