"""The report of a study that runs: rewritten now and then as its trials go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import reports
from search.records import StudyRecord, TrialRecord
from search.run import Listener
from spaces import InputError

__all__ = ["LiveReport"]

_SECONDS = 10.0
_SHARE = 20


class LiveReport:
    """Tells `listener` all that it is told, and rewrites the report at `path` from `record()`.

    From one writing to the next there are at least ten seconds, and twenty times what it took.
    """

    def __init__(self, listener: Listener, record: Callable[[], StudyRecord], path: Path) -> None:
        self._listener, self._record, self._path = listener, record, path
        self._due = time.monotonic()
        self._rewrite()

    def epoch(self, number: int, epoch: int, epochs: int, value: float | None) -> None:
        """Pass it on; a long trial's page shows that the study is alive."""
        self._listener.epoch(number, epoch, epochs, value)
        self._rewrite()

    def trial(self, trial: TrialRecord) -> None:
        """Pass it on."""
        self._listener.trial(trial)
        self._rewrite()

    def _rewrite(self) -> None:
        begun = time.monotonic()
        if begun < self._due:
            return
        with suppress(
            OSError, InputError
        ):  # the search goes on; the last writing says what is wrong
            reports.write(self._record(), self._path, live=True)
        ended = time.monotonic()
        self._due = ended + max(_SECONDS, _SHARE * (ended - begun))
