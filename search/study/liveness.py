"""Whether another machine's worker lives: it beats in its trial's record, and others see that."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from search.processes import alive

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

__all__ = ["BEAT_SECONDS", "Watch", "beating"]

BEAT_SECONDS = 5.0
_SILENT_LOOKS = 6  # so many looks without a new beat, and the worker is dead


@contextmanager
def beating(beat: Callable[[int], None]) -> Iterator[None]:
    """Call `beat` with 1, 2, 3, ... every few seconds while the block runs.

    A beat that fails is made up for by the next: what is wrong will be met elsewhere.
    """
    done = threading.Event()

    def beats() -> None:
        for number in count(1):
            if done.wait(BEAT_SECONDS):
                return
            with suppress(Exception):
                beat(number)

    heart = threading.Thread(target=beats, daemon=True)
    heart.start()
    try:
        yield
    finally:
        done.set()
        heart.join()


@dataclass(frozen=True)
class _Seen:
    beat: int
    at: float
    silent: int = 0
    lives: bool | None = None


class Watch:
    """Judges running trials' workers, those of other machines by whether their beats change.

    Looks count that lie a beat apart by this machine's clock; two machines' clocks are never
    compared, and the time in which storage could not be read does not count.
    """

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}

    def look(self, trials: Iterable[FrozenTrial]) -> None:
        """Take note of the beats of the running trials."""
        now = time.monotonic()
        for trial in trials:
            if _elsewhere(trial):
                key, beat = _claim(trial), int(trial.user_attrs.get("beat", 0))
                self._seen[key] = _next(self._seen.get(key), beat, now)

    def lives(self, trial: FrozenTrial) -> bool | None:
        """Whether the running trial's worker lives; None as long as that is not known."""
        if not _elsewhere(trial):
            return alive(trial.user_attrs.get("worker"))
        seen = self._seen.get(_claim(trial))
        return None if seen is None else seen.lives


def _next(seen: _Seen | None, beat: int, now: float) -> _Seen:
    if seen is None:
        return _Seen(beat, now)
    if seen.beat != beat:
        return _Seen(beat, now, lives=True)
    if now - seen.at < BEAT_SECONDS:
        return seen
    silent = seen.silent + 1
    return _Seen(beat, now, silent, lives=False if silent >= _SILENT_LOOKS else None)


def _elsewhere(trial: FrozenTrial) -> bool:
    return alive(trial.user_attrs.get("worker")) is None


def _claim(trial: FrozenTrial) -> str:
    return f"{trial.number}:{(trial.user_attrs.get('worker') or {}).get('claim')}"
