"""Trials that fail in a row: something is wrong that no other configuration will mend."""

from __future__ import annotations

from search.records import TrialRecord
from search.run import Listener
from search.summaries import count

__all__ = ["Streak"]


class Streak:
    """A listener that counts the trials that fail in a row, and passes on what it is told."""

    def __init__(self, listener: Listener, limit: int) -> None:
        self._listener, self._limit = listener, limit
        self._failed: list[TrialRecord] = []

    @property
    def too_long(self) -> bool:
        """Whether so many have failed in a row; never where the limit is 0."""
        return 0 < self._limit <= len(self._failed)

    @property
    def sentence(self) -> str:
        """Why the study stopped."""
        trials, reason = count(len(self._failed), "trial"), self._failed[-1].error
        return f"Stopped: {trials} failed in a row; the last failure: {reason}"

    def epoch(self, number: int, epoch: int, epochs: int, value: float | None) -> None:
        """Pass it on."""
        self._listener.epoch(number, epoch, epochs, value)

    def trial(self, trial: TrialRecord) -> None:
        """Count a failure, forget those before any other end, and pass it on."""
        self._failed = [*self._failed, trial] if trial.state == "failed" else []
        self._listener.trial(trial)
