"""What `list`, `status` and the end of a run say of a study."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from search.records import STATES, StudyRecord, TrialRecord
from search.stopping import reason

__all__ = [
    "about",
    "best_of",
    "conclusion",
    "count",
    "describe",
    "goals",
    "named",
    "number",
    "of_budget",
    "summary",
]

_NAMES = {
    "recent_popularity": "recent popularity",
    "random": "random order",
    "item_knn": "item-kNN",
    "ease": "EASE",
    "implicit_als": "implicit ALS",
}


def summary(record: StudyRecord) -> dict[str, Any]:
    """A study in a few fields, as `status --json` prints them."""
    best = record.best
    return {
        "name": record.name,
        "state": _state(record),
        "ended": reason(record),
        "objective": record.objectives[0],
        "budget": record.budget,
        "trials": {state: record.count(state) for state in STATES},
        "best": best and {"number": best.number, "value": best.value, "params": best.params},
        "baselines": {
            name: line[record.objectives[0]]
            for name, line in record.baselines.items()
            if record.objectives[0] in line
        },
    }


def best_of(record: StudyRecord, best: TrialRecord) -> dict[str, Any]:
    """The best trial as `best --json` prints it; of several objectives with the Pareto front."""
    several = len(record.objectives) > 1
    keys = ["number", "params", "value", "config", *(["values"] if several else [])]
    found = [{key: trial.as_dict()[key] for key in keys} for trial in (best, *record.front)]
    return found[0] | ({"front": found[1:]} if several else {})


def of_budget(record: StudyRecord) -> str:
    """How many trials have ended: "12 of 30"."""
    return f"{record.ended} of {record.budget}"


def conclusion(
    record: StudyRecord, options: str, report: Path | None, limit: int | None = None
) -> Iterator[str]:
    """The lines that end a run: the best trial beside the baseline, the report, how to go on.

    `options` are those that a command needs to find the study again, each with a space before it;
    `limit` is how many trials there can be at most.
    """
    if not record.confirmation or not record.best:
        yield from _of_the_search(record)
    if report is not None:
        yield f"Report: {report}"
    resume = f"towersearch resume {shlex.quote(record.name)}"
    if rule := reason(record):
        yield f"Ended: {rule}."
    elif record.ended < record.budget:
        yield f"Go on:  {resume}{options}"
    elif not record.confirmation:
        yield f"Extend: {resume} --trials {min(2 * record.budget, limit or math.inf)}{options}"


def about(record: StudyRecord, trial: TrialRecord) -> str:
    """What a trial trained: its parameters, or of a confirmation the finalist's label."""
    finalists = record.confirmation.get("finalists")
    if finalists:
        return str(finalists[trial.number % len(finalists)]["label"])
    return describe(trial.params)


def describe(values: dict[str, Any] | Any) -> str:
    """A configuration on one line: "depth=2 width=64 learning_rate=0.003"."""
    return " ".join(f"{name}={_short(value)}" for name, value in values.items())


def goals(record: StudyRecord, trial: TrialRecord) -> str:
    """The trial's values by their objectives: "top_100_accuracy 0.2394, parameters 68,576"."""
    named = zip(record.objectives, trial.values or [trial.value], strict=False)
    return ", ".join(f"{name} {number(value)}" for name, value in named)


def number(value: float | None) -> str:
    """A measure with four decimals, a large number with none, nothing for None."""
    if value is None:
        return ""
    return f"{value:.4f}" if abs(value) < 1000 else f"{value:,.0f}"


def count(n: int, noun: str) -> str:
    """A count with its noun, plural where it has to be."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def named(line: str) -> str:
    """A baseline's name as a sentence says it; any other label as it is."""
    return _NAMES.get(line, line)


def _of_the_search(record: StudyRecord) -> Iterator[str]:
    best = record.best
    if best is None:
        kept = " and kept the constraints" if record.count("complete") else ""
        yield f"No trial has completed{kept}; {record.ended} of {record.budget} have ended."
        failed = [trial for trial in record.trials if trial.error]
        if failed:
            yield f"The last failure: {failed[-1].error}"
        return
    baseline = record.baselines.get("popularity", {}).get(record.objectives[0])
    beside = "" if baseline is None else f"; popularity: {number(baseline)}"
    yield f"Best: trial {best.number}, {goals(record, best)}{beside}"
    yield f"  {describe(best.config)}"
    if others := record.front[1:]:
        yield f"Also on the Pareto front: {', '.join(f'trial {t.number}' for t in others)}"
    if baseline is not None and (best.value or 0.0) <= baseline:
        yield "No trial beats popularity."


def _state(record: StudyRecord) -> str:
    if record.count("running"):
        return "running"
    return "complete" if record.ended >= record.budget else "interrupted"


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
