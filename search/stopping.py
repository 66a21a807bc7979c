"""Rules that end a study before its total of trials, read from its record alone."""

from __future__ import annotations

from search.records import ENDED, StudyRecord

__all__ = ["reason"]


def reason(record: StudyRecord) -> str | None:
    """Why no further trial is to begin, if a rule of the study's spec or its tuner says so."""
    rules = record.spec.get("study", {})
    if record.exhausted and record.ended >= record.budget:
        share = rules.get("allocate_by")
        of_it = f" for one {share}, and each gets as many trials" if share else ""
        return f"the tuner has nothing left to propose{of_it}"
    target, patience = rules.get("target"), rules.get("give_up_after")
    if target is not None and _reached(record, target):
        return f"{record.objectives[0]} has reached the target of {target:g}"
    if patience is not None and (idle := _idle(record)) >= patience:
        trials = "trial has" if idle == 1 else f"{idle:,} trials have"
        return f"the last {trials} brought no improvement"
    return None


def _reached(record: StudyRecord, target: float) -> bool:
    best = record.best
    if best is None or best.value is None:
        return False
    return best.value >= target if record.directions[0] == "max" else best.value <= target


def _idle(record: StudyRecord) -> int:
    """How many trials have ended since the one that last changed the front."""
    newest = max((trial.number for trial in record.front), default=-1)
    return sum(trial.number > newest and trial.state in ENDED for trial in record.trials)
