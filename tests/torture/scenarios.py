"""What is done to the tiny study; each gives the number of kills it took."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from search.storage import Place
from search.study import Study
from spaces import InputError
from tests.torture.kills import Kill
from tests.torture.processes import KILLED, Process, after_a_moment, fork, run, start, wait_for
from tests.torture.studies import NAME, begin, check, ended, record, results

__all__ = ["at_points", "at_random", "crowd", "many", "straight", "three_in_a_row"]

_CROWD_KILLS = 12


def straight(folder: Path, shared: bool = False) -> tuple[list[Any], float]:
    """The results of the study that nothing disturbs, and the seconds that it takes."""
    began = time.monotonic()
    assert run(folder, *begin(folder, shared)) == 0
    return results(record(_place(folder))), time.monotonic() - began


def at_points(folder: Path, points: Iterable[str], most: int, expected: list[Any]) -> int:
    """Kill it at each point, the first to the `most`th time that it is reached; then resume it."""
    kills = 0
    for kill in _reached(folder, points, most):
        place, home = _place(folder / str(kill)), folder / str(kill)
        before = _ended(place)
        _go_on(home, place)
        assert before.items() <= _ended(place).items(), kill
        check(place, expected)
        kills += 1
    return kills


def at_random(folder: Path, seed: int, kills: int, expected: list[Any], seconds: float) -> int:
    """Kill it so often at random moments of its `seconds`; begin another when it is done."""
    chance, turn, done = random.Random(seed), 0, 0
    home, before = folder / "random-0", dict[int, Any]()
    command = begin(home)
    while done < kills:
        if after_a_moment(start(home, *command), chance, seconds) == KILLED:
            done += 1
            command = _resume(_place(home)) or command
            assert before.items() <= _ended(_place(home)).items()
            before = _ended(_place(home))
        else:
            check(_place(home), expected)
            turn += 1
            home, before = folder / f"random-{turn}", {}
            command = begin(home)
    assert run(home, *command) == 0
    check(_place(home), expected)
    return done


def crowd(place: Place, home: Path, disturb: Callable[[], None], expected: list[Any]) -> int:
    """Four processes share it; some are killed and replaced, and its storage is disturbed once."""
    options = ["--storage", place.url, "--artifacts", "files"]
    crew = [start(home, *begin(home, shared=True), *options)]
    wait_for(lambda: _resume(place) is not None)
    crew += [_joined(home, options) for _ in range(3)]
    chance, kills = random.Random(1), 0
    disturbances = iter([disturb])
    while crew:
        time.sleep(0.2)
        if len(_ended(place)) >= len(expected) // 2:
            next(disturbances, _nothing)()
        crew = [process for process in crew if not _is_done(process)]
        if crew and kills < _CROWD_KILLS and chance.random() < 0.5:
            victim = crew.pop(chance.randrange(len(crew)))
            victim.kill()
            kills += victim.wait() == KILLED
            crew.append(_joined(home, options))
    assert run(home, "resume", NAME, *options) == 0  # the last one may have been killed
    check(place, expected)
    return kills


def many(folder: Path, workers: int, trials: int) -> int:
    """So many processes share trivial trials on SQLite; the number of trials."""
    place = _place(folder)
    run(folder, *begin(folder), "--trials", "1")
    Study(place, NAME).raise_budget(trials)

    def work() -> None:
        study = Study(place, NAME)
        while claim := study.claim():
            for epoch in range(1, 6):
                study.report(claim, epoch, 0.5)
            study.finish(claim, {"state": "complete", "value": 0.5, "best_epoch": 1, "curve": []})

    crew = [fork(folder, work) for _ in range(workers)]
    for process in crew:
        assert process.wait() == 0, process.output.read_text()
    found = record(place)
    assert [trial.number for trial in found.trials] == list(range(trials))
    assert found.count("complete") == trials
    return trials


def three_in_a_row(folder: Path, expected: list[Any]) -> int:
    """Kill three processes in a row at the first file that they write, all in the first trial."""
    home = folder / "row"
    place, command = _place(home), begin(home)
    for _ in range(3):
        assert run(home, *command, kill=Kill("after file renamed", 1)) == KILLED
        assert len(record(place).trials) == 1
        command = ["resume", NAME]
    assert run(home, *command) == 0
    check(place, expected)
    return 3


def _joined(home: Path, options: list[str]) -> Process:
    return start(home, "resume", NAME, *options)


def _is_done(process: Process) -> bool:
    """Whether it has ended, as it may: the study is complete, or its server was not there yet."""
    status = process.ended()
    if status == 3 and "cannot be reached" in process.output.read_text():
        return True
    assert status in (None, 0), process.output.read_text()
    return status == 0


def _nothing() -> None:
    """Disturb no more."""


def _reached(folder: Path, points: Iterable[str], most: int) -> Iterator[Kill]:
    for point in points:
        for nth in range(1, most + 1):
            kill = Kill(point, nth)
            home = folder / str(kill)
            status = run(home, *begin(home), kill=kill)
            assert status == KILLED or (status == 0 and nth > 1), kill  # each point is reached
            if status == 0:
                break
            yield kill


def _go_on(home: Path, place: Place) -> None:
    command = _resume(place) or begin(home)
    assert run(home, *command) == 0


def _resume(place: Place) -> list[str] | None:
    """The command that goes on with the study; None where it was not begun."""
    try:
        record(place)
    except InputError:
        return None
    return ["resume", NAME]


def _ended(place: Place) -> dict[int, Any]:
    try:
        return ended(record(place))
    except InputError:
        return {}


def _place(folder: Path) -> Place:
    return Place(f"sqlite:///{folder}/towersearch.db")
