"""A study's trials as columns: one array for each parameter, metric and cost."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypedDict

from reports.pareto import front
from search.records import StudyRecord, TrialRecord

__all__ = ["Column", "Group", "columns", "completed", "depth_key", "five_digits", "ranked"]

Group = Literal["trial", "objective", "parameter", "metric", "cost", "chart"]
_ERROR_LENGTH = 2_000
_GOLDEN = 0.618034
_TIERS = 5


class Column(TypedDict):
    """One array of n values, None where a trial has none.

    `kind` is "number" or "text"; `log` says that the space is logarithmic there, `lower` that the
    least value is best, `sample` of how many interactions the values are shares. Columns of the
    group "chart" only place points and are not shown.
    """

    label: str
    group: Group
    kind: Literal["number", "text"]
    log: bool
    lower: bool
    sample: int | None
    values: list[Any]


def columns(study: StudyRecord) -> dict[str, Column]:
    """The columns by key: `number`, `state`, `value`, `depth`, `params.*`, `cost.*` and so on."""
    trials = study.trials
    space = study.spec.get("space", {})
    made = {
        "number": _column("trial", "trial", [t.number for t in trials]),
        "state": _column("state", "trial", [t.state for t in trials]),
        "value": _column(study.objectives[0], "objective", [t.value for t in trials]),
    }
    for index, name in enumerate(study.objectives[1:], start=1):
        made[f"values.{name}"] = _column(name, "objective", [_at(t.values, index) for t in trials])
    made["depth"] = _column("depth", "trial", [_depth(t) for t in trials])
    made |= _named("params", "parameter", trials, lambda t: t.params)
    for name in _names(trials, lambda t: t.params):
        made[f"params.{name}"]["log"] = bool(_table(space, name).get("log"))
    made |= _named("metrics", "metric", trials, lambda t: t.metrics, without=study.objectives)
    made |= _named("cost", "cost", trials, lambda t: t.cost)
    made["best_epoch"] = _column("best epoch", "trial", [t.best_epoch for t in trials])
    made["seconds"] = _column("seconds", "trial", [_seconds(t) for t in trials])
    made["epochs"] = _column("epochs trained", "trial", [_epochs(t) for t in trials])
    made["started"] = _column("started", "trial", [t.started for t in trials])
    made["finished"] = _column("finished", "trial", [t.finished for t in trials])
    made["seed"] = _column("seed", "trial", [t.seed for t in trials])
    made["error"] = _column("error", "trial", [_shortened(t.error) for t in trials])
    made["feasible"] = _column("", "chart", [int(t.feasible) for t in trials])
    made["elapsed"] = _column("", "chart", _elapsed(trials))
    _judge(made, study)
    made["front"] = _column("", "chart", _front(made))
    return made | _places(made, _in_order(study))


def completed(table: Mapping[str, Column]) -> list[int]:
    """The rows of completed trials that have a value and keep the study's constraints."""
    rows = zip(*(table[key]["values"] for key in ("state", "value", "feasible")), strict=True)
    return [
        row
        for row, (state, value, feasible) in enumerate(rows)
        if state == "complete" and value is not None and feasible
    ]


def ranked(table: Mapping[str, Column], rows: Sequence[int]) -> list[int]:
    """Those of the rows that have a rank, the best first."""
    rank = table["rank"]["values"]
    return sorted((row for row in rows if rank[row] is not None), key=rank.__getitem__)


def depth_key(depth: Any) -> tuple[int, ...]:
    """What depths are ordered by: 2 is (2,), and the split towers "2+3" are (5, 2, 3)."""
    parts = [int(part) for part in str(depth).split("+")]
    return (sum(parts), *parts) if len(parts) > 1 else (parts[0],)


def five_digits(value: Any) -> Any:
    """A float in five significant digits, None where it is not finite; all else as it is."""
    if not isinstance(value, float):
        return value
    rounded = float(f"{value:.5g}")
    return rounded if math.isfinite(rounded) else None


def _column(label: str, group: Group, values: Sequence[Any]) -> Column:
    known = [value for value in values if value is not None]
    numeric = all(isinstance(v, int | float) and not isinstance(v, bool) for v in known)
    return {
        "label": label,
        "group": group,
        "kind": "number" if numeric else "text",
        "log": False,
        "lower": False,
        "sample": None,
        "values": [five_digits(v) if numeric or v is None else _text(v) for v in values],
    }


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _named(
    prefix: str,
    group: Group,
    trials: Sequence[TrialRecord],
    part: Callable[[TrialRecord], Mapping[str, Any]],
    *,
    without: Sequence[str] = (),
) -> dict[str, Column]:
    return {
        f"{prefix}.{name}": _column(name, group, [part(trial).get(name) for trial in trials])
        for name in _names(trials, part)
        if name not in without
    }


def _names(
    trials: Sequence[TrialRecord], part: Callable[[TrialRecord], Mapping[str, Any]]
) -> list[str]:
    return list(dict.fromkeys(name for trial in trials for name in part(trial)))


def _table(space: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    entry = space.get(name)
    return entry if isinstance(entry, Mapping) else {}


def _at(values: Sequence[Any], index: int) -> Any:
    return values[index] if index < len(values) else None


def _depth(trial: TrialRecord) -> int | str | None:
    known = {**trial.params, **trial.config}
    depth = known.get("depth")
    query = known.get("query_depth") or depth
    candidate = known.get("candidate_depth") or depth
    if query is None or candidate is None:
        return None
    split = "query_depth" in trial.params or "candidate_depth" in trial.params
    return f"{query}+{candidate}" if split or query != candidate else int(query)


def _seconds(trial: TrialRecord) -> float | None:
    if trial.started is None or trial.finished is None:
        return None
    lasted = datetime.fromisoformat(trial.finished) - datetime.fromisoformat(trial.started)
    return lasted.total_seconds()


def _epochs(trial: TrialRecord) -> int | None:
    return int(trial.curve[-1]["epoch"] or 0) if trial.curve else None


def _elapsed(trials: Sequence[TrialRecord]) -> list[float | None]:
    """Minutes from the first trial's start to each one's end."""
    starts = [datetime.fromisoformat(t.started) for t in trials if t.started is not None]
    ends = [None if t.finished is None else datetime.fromisoformat(t.finished) for t in trials]
    if not starts:
        return [None] * len(trials)
    first = min(starts)
    return [None if end is None else (end - first).total_seconds() / 60 for end in ends]


def _shortened(error: str | None) -> str | None:
    if error is None or len(error) <= _ERROR_LENGTH:
        return error
    return f"{error[:_ERROR_LENGTH]}… ({len(error) - _ERROR_LENGTH:,} more characters)"


def _judge(made: Mapping[str, Column], study: StudyRecord) -> None:
    """Say of measures and costs which values are better, and what the measures are shares of."""
    sample = study.data.get("interactions", {}).get(study.part)
    directions = dict(zip(study.objectives, study.directions, strict=True))
    for column in made.values():
        name, group = column["label"], column["group"]
        if group in ("objective", "metric"):
            column["lower"] = directions.get(name, "min" if "loss" in name else "max") == "min"
            column["sample"] = sample if name.endswith("_accuracy") else None
        elif group == "cost":
            column["lower"] = name != "examples_per_second"


def _front(made: Mapping[str, Column]) -> list[int | None]:
    """1 for the candidates on the Pareto front of several objectives, None for all others."""
    goals = [column for column in made.values() if column["group"] == "objective"]
    eligible = {*completed(made)}
    points = {
        row: [value if goal["lower"] else -value for goal, value in zip(goals, values, strict=True)]
        for row, values in enumerate(zip(*(goal["values"] for goal in goals), strict=True))
        if row in eligible and None not in values
    }
    rows = [*points]
    on = {rows[place] for place in front([*points.values()])} if len(goals) > 1 else {*()}
    return [1 if row in on else None for row in range(len(made["state"]["values"]))]


def _in_order(study: StudyRecord) -> list[int]:
    """The rows with a value, best first: by the exact values, as `towersearch best` goes by.

    Those that break a constraint come behind all others.
    """
    trials = study.trials
    rows = [r for r, t in enumerate(trials) if t.value is not None and math.isfinite(t.value)]
    worth = {row: (trials[row].feasible, study.merits(trials[row])) for row in rows}
    return sorted(rows, key=worth.__getitem__, reverse=True)


def _places(made: Mapping[str, Column], ranked: Sequence[int]) -> dict[str, Column]:
    depths = made["depth"]["values"]
    order = {d: i for i, d in enumerate(sorted({*depths} - {None}, key=depth_key))}
    rank = {row: place for place, row in enumerate(ranked)}
    ranks = [rank.get(row) for row in range(len(depths))]
    tiers = [None if r is None else r * _TIERS // len(ranked) for r in ranks]
    crowd = Counter(depths[row] for row in ranked)
    jittered = [
        None if d is None else round(order[d] + (_jitter(n) if crowd[d] > 1 else 0), 3)
        for d, n in zip(depths, made["number"]["values"], strict=True)
    ]
    return {
        "depth_place": _column("", "chart", [order.get(d) for d in depths]),
        "depth_jittered": _column("", "chart", jittered),
        "rank": _column("", "chart", ranks),
        "tier": _column("", "chart", tiers),
    }


def _jitter(number: int) -> float:
    return (number * _GOLDEN % 1 - 0.5) * 0.5
