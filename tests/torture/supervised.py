"""`--workers 4` tortured: workers killed, then their supervisor, then two resumed at once."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from search.processes import alive, identity
from search.storage import Place
from tests.torture.processes import KILLED, Process, run, start, wait_for
from tests.torture.studies import NAME, at_work, begin, check, record, results

__all__ = ["supervised", "undisturbed"]

_WORKERS_KILLED = 3
_FOUR = ["--workers", "4"]


def undisturbed(folder: Path) -> list[Any]:
    """The results of one process, which has as many threads as each of the four workers."""
    assert run(folder, *begin(folder, shared=True), *_FOUR, "--timeout", "0.001") == 0
    assert run(folder, "resume", NAME) == 0
    return results(record(Place(f"sqlite:///{folder}/towersearch.db")))


def supervised(place: Place, home: Path, disturb: Callable[[], None], expected: list[Any]) -> int:
    """Torture it so, its storage disturbed once; the number of kills."""
    chance = random.Random(2)
    options = ["--storage", place.url, "--artifacts", "files"]
    supervisor = start(home, *begin(home, shared=True), *_FOUR, *options)
    kills = sum(_kill_a_worker(place, [supervisor], chance) for _ in range(_WORKERS_KILLED))
    kills += _kill_with_its_workers(supervisor)
    two = [start(home, "resume", NAME, "--workers", "2", *options) for _ in range(2)]
    kills += _kill_a_worker(place, two, chance)
    disturb()
    for process in two:
        status = process.wait()
        words = process.output.read_text()
        assert status == 0 or (status == 3 and "cannot be reached" in words), words
    assert run(home, "resume", NAME, *options) == 0  # what an unreachable server has left over
    check(place, expected)
    return kills


def _kill_a_worker(place: Place, supervisors: list[Process], chance: random.Random) -> int:
    """Kill one that trains, soon; 0 where all trials have ended before."""
    time.sleep(chance.random())
    workers = list[Any]()

    def found() -> bool:
        workers[:], ended = at_work(place)
        for process in supervisors:
            assert process.ended() in (None, 0), process.output.read_text()
        return bool(workers) or ended

    wait_for(found)
    if not workers:
        return 0
    with suppress(ProcessLookupError):
        os.kill(chance.choice(workers)["process"], signal.SIGKILL)
    return 1


def _kill_with_its_workers(supervisor: Process) -> int:
    """Kill a supervisor, whose workers must not outlive it; 0 where it ended before."""
    children = Path(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children").read_text().split()
    workers = [identity(int(child)) for child in children]
    supervisor.kill()
    status = supervisor.wait()
    wait_for(lambda: not any(map(alive, workers)), seconds=10)
    return int(status == KILLED)
