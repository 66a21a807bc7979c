"""A trial's worth to the algorithms that know only values, not states."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

__all__ = ["score"]


def score(trial: FrozenTrial) -> float | None:
    """A completed trial's value, or the last that a pruned one reported; None if not finite.

    Without its last value a pruned trial would leave no trace, and its region be tried for ever.
    """
    from optuna.trial import TrialState

    value: float | None = None
    if trial.state == TrialState.COMPLETE:
        value = trial.value
    elif trial.state == TrialState.PRUNED and trial.intermediate_values:
        value = trial.intermediate_values[max(trial.intermediate_values)]
    return value if value is not None and math.isfinite(value) else None
