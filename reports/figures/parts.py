"""What several charts share: axes, baseline lines, points by state."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from reports.figures.chart import Trace
from reports.figures.theme import SHAPES, colour
from reports.summarize import Baseline, Summary
from reports.wording import label, number, plain
from search.summaries import named

__all__ = [
    "NAMES",
    "axis",
    "baselines",
    "by_depth",
    "density",
    "log_values",
    "points",
    "present",
    "value_axis",
]

NAMES = 142  # pixels beside a plot for the names of its lines
_PITCH = 0.065  # of the values' reach: how far apart lines must be for names beneath each other
_DENSITIES = {200: (9, 0.85), 2000: (6, 0.7), math.inf: (4, 0.45)}


def axis(title: str, *, log: Sequence[float] = (), **options: Any) -> dict[str, Any]:
    """A layout's axis with an escaped title, logarithmic where it is given the values on it."""
    named = {"title": {"text": plain(label(title))}}
    return named | (_logarithmic(min(log), max(log)) if log else {}) | options


def log_values(summary: Summary, name: str, *, reach: float = math.inf) -> Sequence[float]:
    """A column's values where its axis is to be logarithmic, else none.

    It is where the space is, and where the values reach over so many times the lowest.
    """
    column, values = summary["columns"][name], present(summary, name)
    if not values or values[0] <= 0:
        return ()
    return values if column["log"] or values[-1] >= reach * values[0] else ()


def value_axis(summary: Summary) -> dict[str, Any]:
    """The axis of the first objective."""
    return axis(summary["objective"], rangemode="normal")


def baselines(summary: Summary) -> dict[str, Any]:
    """A layout's dotted lines for the baselines, named in the right margin."""
    lines = summary["baselines"]
    if not lines:
        return {}
    return {
        "shapes": [_line(line) for line in lines],
        "annotations": [_name(close) for close in _close(lines, _PITCH * _reach(summary))],
        "margin": {"r": NAMES},
    }


def points(
    summary: Summary,
    x: str,
    *,
    y: str = "value",
    group: str = "",
    value: Any = None,
    name: str = "",
    shade: str,
    legend: bool = True,
) -> list[Trace]:
    """The trials of a group at (x, y), one trace for each state, filled where complete."""
    states = present(summary, "state", where={group: value} if group else {})
    size, opacity = density(summary)
    return [
        Trace(
            "points",
            x=x,
            y=y,
            where={"state": state, **({group: value} if group else {})},
            group=group or "state",
            style={
                "type": "scatter",
                "mode": "markers",
                "name": plain(name or state, 24),
                "legendgroup": plain(value if group else state),
                "showlegend": legend and (not group or index == 0),
                "hovertemplate": "%{text}<extra></extra>",
                "marker": {
                    "color": shade,
                    "size": size,
                    "symbol": SHAPES[state],
                    "opacity": opacity,
                    "line": {"width": 1.4 if SHAPES[state].endswith("open") else 0},
                },
            },
        )
        for index, state in enumerate(states)
    ]


def density(summary: Summary) -> tuple[int, float]:
    """The size and the opacity of a trial's point: the less of both, the more trials there are."""
    n = len(summary["columns"]["number"]["values"])
    return next(look for most, look in _DENSITIES.items() if n <= most)


def by_depth(summary: Summary, x: str) -> list[Trace]:
    """The trials at (x, value), a colour for each depth."""
    depths = [row["depth"] for row in summary["depths"]]
    if not depths:
        return points(summary, x, shade=colour(0))
    return [
        trace
        for place, depth in enumerate(depths)
        for trace in points(
            summary, x, group="depth", value=depth, name=f"depth {depth}", shade=colour(place)
        )
    ]


def present(summary: Summary, column: str, *, where: Mapping[str, Any] | None = None) -> list[Any]:
    """A column's values among trials that have an objective, rising; states as in SHAPES."""
    columns = summary["columns"]
    wanted = [(columns[name]["values"], value) for name, value in (where or {}).items()]
    values = columns["value"]["values"]
    found = {
        each
        for row, each in enumerate(columns[column]["values"])
        if each is not None
        and values[row] is not None
        and all(other[row] == value for other, value in wanted)
    }
    return sorted(found, key=[*SHAPES].index if column == "state" else None)


def _line(line: Baseline) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": line["value"],
        "y1": line["value"],
        "line": {"dash": "dot", "width": 1.5},
    }


def _reach(summary: Summary) -> float:
    values = [value for value in summary["columns"]["value"]["values"] if value is not None]
    values += [line["value"] for line in summary["baselines"]]
    return float(max(values) - min(values))


def _close(lines: Sequence[Baseline], pitch: float) -> list[list[Baseline]]:
    """Lines so near to each other that their names would overlap, together."""
    groups: list[list[Baseline]] = []
    for line in lines:
        groups.append([line])
        while len(groups) > 1 and _overlap(groups[-2], groups[-1], pitch):
            groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def _overlap(above: Sequence[Baseline], below: Sequence[Baseline], pitch: float) -> bool:
    return abs(_middle(above) - _middle(below)) < pitch * (len(above) + len(below)) / 2


def _middle(lines: Sequence[Baseline]) -> float:
    return sum(line["value"] for line in lines) / len(lines)


def _logarithmic(low: float, high: float) -> dict[str, Any]:
    """Ticks at powers of ten, and at 2 and 5 times those where they are few."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    factors = (1, 2, 5) if math.log10(high / low) < 2 else (1,)
    ticks = [float(f"{factor}e{power}") for power in range(first, last + 1) for factor in factors]
    return {"type": "log", "tickvals": ticks, "exponentformat": "SI" if high > 1000 else "none"}


def _name(lines: Sequence[Baseline]) -> dict[str, Any]:
    return {
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": 6,
        "y": _middle(lines),
        "text": "<br>".join(
            f"{plain(named(x['name']), 17)} {number(x['value'], 3)}" for x in lines
        ),
        "align": "left",
        "showarrow": False,
        "font": {"size": 11},
    }
