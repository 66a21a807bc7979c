"""A trial's worth to the algorithms that know only values, not states."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

__all__ = ["score", "scores"]


def scores(trial: FrozenTrial) -> list[float] | None:
    """A completed trial's values, or the last that a pruned one reported; None if not finite.

    Without its last value a pruned trial would leave no trace, and its region be tried for ever.
    """
    from optuna.trial import TrialState

    values: list[float] | None = None
    if trial.state == TrialState.COMPLETE:
        values = trial.values
    elif trial.state == TrialState.PRUNED and trial.intermediate_values:
        values = [trial.intermediate_values[max(trial.intermediate_values)]]
    return values if values and all(map(math.isfinite, values)) else None


def score(trial: FrozenTrial) -> float | None:
    """The first of the trial's scores."""
    found = scores(trial)
    return found[0] if found else None
