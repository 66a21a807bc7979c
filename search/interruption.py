"""Ctrl-C and SIGTERM: once stops cleanly after the epoch, twice stops at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

__all__ = ["EXIT_STATUS", "Stop", "held", "stop_on_signals"]

EXIT_STATUS = 130
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_STDOUT, _SHOW_CURSOR = 1, "\x1b[?25h"  # which a live table hides


class Stop:
    """Whether the person has asked to stop; calling it tells."""

    def __init__(self, farewell: str) -> None:
        self.asked = False
        self._farewell = farewell

    def __call__(self) -> bool:
        return self.asked

    def handle(self, signum: int, frame: FrameType | None) -> None:
        """Ask to stop; the second time, leave at once: checkpoints are whole at any moment."""
        if self.asked:
            _leave(self._farewell)
        self.asked = True


@contextmanager
def stop_on_signals(farewell: str) -> Iterator[Stop]:
    """A `Stop` that SIGINT and SIGTERM ask; `farewell` is the line that leaving at once prints."""
    stop = Stop(farewell)
    with _handled_by(stop.handle):
        yield stop


@contextmanager
def held() -> Iterator[None]:
    """Let SIGINT and SIGTERM wait until the block is done."""
    waiting: list[int] = []
    with _handled_by(lambda number, frame: waiting.append(number)):
        yield
    for number in waiting:
        signal.raise_signal(number)


def _leave(farewell: str) -> None:
    """End the process, past Python's output: the code that was interrupted may be using it."""
    below_the_table = f"{_SHOW_CURSOR}\n" if os.isatty(_STDOUT) else ""
    with suppress(OSError):
        os.write(_STDOUT, f"{below_the_table}{farewell}\n".encode())
    os._exit(EXIT_STATUS)


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    here = threading.current_thread() is threading.main_thread()  # no other may set handlers
    before = {number: signal.signal(number, handler) for number in _SIGNALS if here}
    try:
        yield
    finally:
        for number, usual in before.items():
            signal.signal(number, usual)
