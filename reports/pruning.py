"""How much training pruning spared a study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from reports.columns import five_digits
from search.records import TrialRecord

__all__ = ["Pruning", "pruning"]


class Pruning(TypedDict):
    """Epochs that n pruned trials trained, those planned for them, and the seconds saved."""

    n: int
    trained: int
    planned: int
    seconds: float | None


def pruning(trials: Sequence[TrialRecord]) -> Pruning | None:
    """What was saved; None where no pruned trial has both a curve and planned epochs.

    The seconds are those that each trial's remaining epochs would have taken at its own pace.
    """
    known = [t for t in trials if t.state == "pruned" and t.curve and t.config.get("epochs")]
    if not known:
        return None
    pairs = [(_trained(trial), int(trial.config["epochs"])) for trial in known]
    spent = [trial.cost.get("train_seconds") for trial in known]
    paced = [
        seconds / trained * (planned - trained)
        for seconds, (trained, planned) in zip(spent, pairs, strict=True)
        if seconds is not None
    ]
    return {
        "n": len(known),
        "trained": sum(trained for trained, _ in pairs),
        "planned": sum(planned for _, planned in pairs),
        "seconds": five_digits(sum(paced)) if len(paced) == len(known) else None,
    }


def _trained(trial: TrialRecord) -> int:
    return max(int(trial.curve[-1]["epoch"] or 0), 1)
