"""A study's files: checkpoints of its unfinished trials, and the weights of its best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from optuna.trial import TrialState

from search.tuners import stage_of

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

__all__ = ["KEPT", "Artifacts"]

KEPT = 5  # the best trials whose weights are kept


class Artifacts:
    """The files in a study's folder."""

    def __init__(self, folder: Path) -> None:
        self._checkpoints, self._weights = folder / "checkpoints", folder / "weights"

    def checkpoint(self, number: int) -> Path:
        """Where a trial's checkpoint lies while it is unfinished, and after it failed."""
        return self._checkpoints / f"{number}.checkpoint"

    def weights(self, number: int) -> Path:
        """Where a completed trial's weights at its best epoch lie, if it is among the best."""
        return self._weights / f"{number}.weights"

    def mark(self, number: int) -> int | None:
        """What changes with every checkpoint that the trial writes."""
        try:
            return self.checkpoint(number).stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def tidy(self, trials: Sequence[FrozenTrial], maximize: bool, budget: int) -> None:
        """Remove what no trial needs any more: it may have outlived a kill."""
        ended = {trial.number: trial for trial in trials if trial.state.is_finished()}
        kept = set(_best(ended.values(), maximize))
        needed = _origins(ended.values()) if len(ended) < budget else set()
        for path, number in _numbered(self._checkpoints):
            if number in ended and ended[number].state != TrialState.FAIL and number not in needed:
                path.unlink(missing_ok=True)
        for path, number in _numbered(self._weights):
            if number in ended and number not in kept:
                path.unlink(missing_ok=True)


def _origins(trials: Iterable[FrozenTrial]) -> set[int]:
    """The numbers of the trials that another one may yet go on from."""
    stages = {trial.number: (trial, stage) for trial in trials if (stage := stage_of(trial))}
    continued = {stage.parent for _, stage in stages.values()}
    return {
        number
        for number, (trial, stage) in stages.items()
        if stage.until < trial.user_attrs["config"]["epochs"] and number not in continued
    }


def _best(trials: Iterable[FrozenTrial], maximize: bool) -> list[int]:
    """The numbers of the best completed trials; of equals, the first."""
    complete = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    sign = -1 if maximize else 1
    complete.sort(key=lambda trial: (sign * trial.values[0], trial.number))
    return [trial.number for trial in complete[:KEPT]]


def _numbered(folder: Path) -> list[tuple[Path, int]]:
    files = [(path, path.name.partition(".")[0]) for path in folder.glob("*.*")]
    return [(path, int(number)) for path, number in files if number.isdecimal()]
