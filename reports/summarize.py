"""A study's record as the plain data that its charts, its page and its downloads are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from reports.again import again, around
from reports.columns import Column, columns, completed, five_digits, ranked
from reports.depths import Deeper, DepthRow, deeper, depth_rows
from reports.importance import Importance, importance
from reports.pruning import Pruning, pruning
from reports.statistics import accuracy_error
from reports.tries import Tries, tries
from search.records import STATES, StudyRecord, TrialRecord

__all__ = [
    "CURVES",
    "Baseline",
    "Best",
    "Curves",
    "Failure",
    "Summary",
    "summarize",
]

CURVES = 500
_STEPS = 200


class Baseline(TypedDict):
    """A line that a tuned model must beat, on the first objective."""

    name: str
    value: float


class Best(TypedDict):
    """The best completed trial.

    `toml` is a study that retrains it, `error` the standard error of its value, `near` how many
    completed trials lie within two of those.
    """

    row: int
    number: int
    value: float
    epoch: int | None
    depth: int | str | None
    params: dict[str, Any]
    toml: str
    error: float | None
    near: int | None


class Failure(TypedDict):
    """A reason, and the trials that it ended."""

    reason: str
    trials: list[int]


class Curves(TypedDict):
    """Training curves of the best trials: `rows` of them, each with its epochs and its values."""

    rows: list[int]
    epoch: list[list[Any]]
    values: dict[str, list[list[Any]]]


class Summary(TypedDict):
    """All that a report says; JSON can hold it. Floats have five significant digits."""

    name: str
    part: str
    objective: str
    objectives: list[str]
    directions: list[str]
    budget: int
    counts: dict[str, int]
    columns: dict[str, Column]
    curves: Curves
    baselines: list[Baseline]
    best: Best | None
    depths: list[DepthRow]
    tries: list[Tries]
    deeper: Deeper | None
    importance: Importance | None
    pruning: Pruning | None
    failures: list[Failure]
    fixed: dict[str, Any]
    spec: dict[str, Any]
    around: dict[str, dict[str, Any]]
    data: dict[str, Any]
    provenance: dict[str, Any]
    spec_toml: str


def summarize(study: StudyRecord) -> Summary:
    """Reduce a study to plain data: n trials in columns, and the facts stated about them.

    Of trials that went on from one another the last stands for all, with the whole curve.
    """
    counts, study = _counts(study.trials), study.once
    table = columns(study)
    rows = depth_rows(table)
    return {
        "name": study.name,
        "part": study.part,
        "objective": study.objectives[0],
        "objectives": list(study.objectives),
        "directions": list(study.directions),
        "budget": study.budget,
        "counts": counts,
        "columns": table,
        "curves": _curves(study, table),
        "baselines": _baselines(study),
        "best": _best(study, table),
        "depths": rows,
        "tries": tries(table, [row["depth"] for row in rows]),
        "deeper": deeper(table),
        "importance": importance(table, completed(table)),
        "pruning": pruning(study.trials),
        "failures": _failures(table),
        "fixed": _fixed(study.trials),
        "spec": dict(study.spec),
        "around": around(study),
        "data": dict(study.data),
        "provenance": dict(study.provenance),
        "spec_toml": study.spec_toml,
    }


def _counts(trials: Sequence[TrialRecord]) -> dict[str, int]:
    seen = Counter(trial.state for trial in trials)
    return {state: seen[state] for state in STATES}


def _curves(study: StudyRecord, table: Mapping[str, Column]) -> Curves:
    trials = study.trials
    rows = [r for r in ranked(table, range(len(trials))) if trials[r].curve][:CURVES]
    kept = {row: _thinned(trials[row]) for row in rows}
    names = dict.fromkeys([*study.objectives, "train_loss", "loss"])
    present = {name for curve in kept.values() for point in curve for name in point}
    return {
        "rows": rows,
        "epoch": [[point["epoch"] for point in kept[row]] for row in rows],
        "values": {
            name: [[five_digits(point.get(name)) for point in kept[row]] for row in rows]
            for name in names
            if name in present
        },
    }


def _thinned(trial: TrialRecord) -> list[Mapping[str, float | None]]:
    last, every = len(trial.curve) - 1, -(-len(trial.curve) // _STEPS)
    return [
        point
        for index, point in enumerate(trial.curve)
        if index % every == 0 or index == last or point["epoch"] == trial.best_epoch
    ]


def _baselines(study: StudyRecord) -> list[Baseline]:
    named = ((name, line.get(study.objectives[0])) for name, line in study.baselines.items())
    lines: list[Baseline] = [
        {"name": name, "value": five_digits(value)} for name, value in named if value is not None
    ]
    return sorted(lines, key=lambda line: line["value"], reverse=study.directions[0] == "max")


def _best(study: StudyRecord, table: Mapping[str, Column]) -> Best | None:
    rows = ranked(table, completed(table))
    if not rows:
        return None
    row, values = rows[0], table["value"]["values"]
    trial = study.trials[row]
    error = accuracy_error(values[row], table["value"]["sample"])
    near = [r for r in rows[1:] if error and abs(values[r] - values[row]) <= 2 * error]
    return {
        "row": row,
        "number": trial.number,
        "value": values[row],
        "epoch": trial.best_epoch,
        "depth": table["depth"]["values"][row],
        "params": {name: five_digits(value) for name, value in trial.params.items()},
        "toml": again(study, trial),
        "error": five_digits(error),
        "near": None if error is None else len(near),
    }


def _failures(table: Mapping[str, Column]) -> list[Failure]:
    reasons: dict[str, list[int]] = {}
    for row, state in enumerate(table["state"]["values"]):
        if state == "failed":
            reason = table["error"]["values"][row] or "no reason was recorded"
            reasons.setdefault(reason, []).append(table["number"]["values"][row])
    by_frequency = sorted(reasons.items(), key=lambda item: -len(item[1]))
    return [{"reason": reason, "trials": trials} for reason, trials in by_frequency]


def _fixed(trials: Sequence[TrialRecord]) -> dict[str, Any]:
    """What every configuration has alike and no parameter set."""
    if not trials:
        return {}
    varied = {name for trial in trials for name in trial.params}
    alike = {
        name: value
        for name, value in trials[0].config.items()
        if name not in varied and all(trial.config.get(name) == value for trial in trials)
    }
    return {name: value for name, value in alike.items() if value is not None}
