"""`make torture`: kills a tiny real study in every way there is; the last line says how often."""

from __future__ import annotations

import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from search.storage import Place
from tests.servers import Server, mariadb, postgres
from tests.torture.kills import POINTS
from tests.torture.scenarios import at_points, at_random, crowd, many, straight, three_in_a_row

_TIMES, _MOMENTS = 5, 40  # kills at each point, which is reached up to 60 times, and at random


def _short(folder: Path) -> int:
    expected, _ = straight(folder / "straight")
    kills = at_points(folder, ["after storage set trial state values"], 1, expected)
    return kills + three_in_a_row(folder, expected)


def _alone(folder: Path) -> int:
    expected, seconds = straight(folder / "straight")
    kills = _said("three in a row", three_in_a_row(folder, expected))
    kills += _said("at random moments", at_random(folder, 0, _MOMENTS, expected, seconds))
    return kills + _said("at points", at_points(folder, POINTS, _TIMES, expected))


def _together(folder: Path) -> int:
    expected, _ = straight(folder / "shared", shared=True)
    kills = 0
    for name, url in (("SQLite", "sqlite:///{}/t.db"), ("the journal", "journal:{}/t.log")):
        home = folder / name
        place = Place(url.format(home), home / "files")
        kills += _said(f"four on {name}", crowd(place, home, _nothing, expected))
    for name, serve in (("PostgreSQL", postgres), ("MariaDB", mariadb)):
        home = folder / name
        with serve() as server:
            place = Place(server.url, home / "files")
            restart = partial(_restart, server)
            kills += _said(f"four on {name}", crowd(place, home, restart, expected))
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
