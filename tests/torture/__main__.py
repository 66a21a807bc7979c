"""`make torture`: kills a tiny real study in every way there is; the last line says how often."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from search.storage import Place
from tests.servers import Server, mariadb, postgres
from tests.torture.kills import POINTS
from tests.torture.processes import fork
from tests.torture.scenarios import at_points, at_random, crowd, many, straight, three_in_a_row
from tests.torture.supervised import supervised, undisturbed

Scenario = Callable[[Place, Path, Callable[[], None], list[Any]], int]

_TIMES, _MOMENTS = 5, 40  # kills at each point, which is reached up to 60 times, and at random


def _short(folder: Path) -> int:
    expected, _ = straight(folder / "straight")
    kills = at_points(folder, ["after storage set trial state values"], 1, expected)
    return kills + three_in_a_row(folder, expected)


def _alone(folder: Path) -> int:
    expected, seconds = straight(folder / "straight")
    kills = _said("three in a row", three_in_a_row(folder, expected))
    kills += _said("at random moments", at_random(folder, 0, _MOMENTS, expected, seconds))
    return kills + _said("at points", _at_points(folder, expected))


def _at_points(folder: Path, expected: list[Any]) -> int:
    """Share the points out to one process a core; the number of kills."""
    count = len(os.sched_getaffinity(0))
    shares = [POINTS[first::count] for first in range(count)]
    crew = [fork(folder, partial(_print_kills, folder, share, expected)) for share in shares]
    for process in crew:
        assert process.wait() == 0, process.output.read_text()
    return sum(int(process.output.read_text()) for process in crew)


def _print_kills(folder: Path, points: list[str], expected: list[Any]) -> None:
    print(at_points(folder, points, _TIMES, expected), flush=True)


def _together(folder: Path) -> int:
    (folder / "four").mkdir()
    (folder / "workers").mkdir()
    expected, _ = straight(folder / "straight-four", shared=True)
    kills = _on_every_storage("four processes", crowd, folder / "four", expected)
    expected = undisturbed(folder / "straight-workers")
    return kills + _on_every_storage("--workers 4", supervised, folder / "workers", expected)


def _on_every_storage(what: str, scenario: Scenario, folder: Path, expected: list[Any]) -> int:
    """Play it on files, and on servers that are killed and started again."""
    kills = 0
    for name, url in (("SQLite", "sqlite:///{}/t.db"), ("the journal", "journal:{}/t.log")):
        home = folder / name
        place = Place(url.format(home), home / "files")
        kills += _said(f"{what} on {name}", scenario(place, home, _nothing, expected))
    for name, serve in (("PostgreSQL", postgres), ("MariaDB", mariadb)):
        home = folder / name
        with serve() as server:
            place, restart = Place(server.url, home / "files"), partial(_restart, server)
            kills += _said(f"{what} on {name}", scenario(place, home, restart, expected))
    return kills


def _restart(server: Server) -> None:
    server.stop(kill=True)
    time.sleep(2)
    server.start()


def _nothing() -> None:
    """Files are not disturbed."""


def _said(what: str, kills: int) -> int:
    print(f"{time.strftime('%H:%M:%S')} {what}: {kills} kills", flush=True)
    return kills


def main(short: bool) -> None:
    """Torture it in a folder of its own; an assertion fails where a promise is broken."""
    with tempfile.TemporaryDirectory(prefix="towersearch-") as name:
        folder = Path(name)
        if short:
            kills = _short(folder)
        else:
            kills = _alone(folder) + _together(folder)
            print(f"32 workers on SQLite: {many(folder / 'many', 32, 160)} trials", flush=True)
    print(f"{kills} kills: nothing lost, nothing run twice, straight equals interrupted")


if __name__ == "__main__":
    main("--short" in sys.argv)
