"""Ctrl-C and SIGTERM: once stops cleanly after the epoch, twice stops at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["EXIT_STATUS", "Stop", "stop_on_signals"]

EXIT_STATUS = 130


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
            print(self._farewell, flush=True)
            os._exit(EXIT_STATUS)
        self.asked = True


@contextmanager
def stop_on_signals(farewell: str) -> Iterator[Stop]:
    """A `Stop` that SIGINT and SIGTERM ask; `farewell` is the line that leaving at once prints."""
    stop = Stop(farewell)
    before = {
        number: signal.signal(number, stop.handle) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
