"""Parallel coordinates: every parameter of a trial on one line, coloured by how well it did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.figures.bind import ABSENT, PARALLEL
from reports.figures.chart import Axis, Chart, Trace
from reports.figures.parts import present
from reports.figures.scales import is_absent, scale, ticks, varied
from reports.figures.theme import TIERS
from reports.summarize import Summary
from reports.wording import label, number, plain, short
from search.summaries import count

__all__ = ["chart"]

_NAMES = ("best fifth", "second", "third", "fourth", "last fifth")
_MOST = 12  # more would write over each other


def chart(summary: Summary) -> Chart:
    """A line a trial over the dozen parameters that mattered most and, last, the objective."""
    base = ("parallel-coordinates", "Parallel coordinates")
    names = varied(summary)
    axes = _axes(summary, names[:_MOST])
    if len(axes) < 2:
        return Chart(*base, "No parameter varied over trials with a value.")
    return Chart(
        *base,
        _sentence(summary, len(names)),
        traces=[_trace(tier, axes) for tier in reversed(present(summary, "tier"))],
        layout=_layout(summary, axes),
        header=("parameter", "values", "best trial"),
        table=[_cells(summary, axis) for axis in _axes(summary, names)],
    )


def _axes(summary: Summary, names: Sequence[str]) -> tuple[Axis, ...]:
    last = ["value"] if present(summary, "value") else []
    return tuple(scale(summary, name) for name in [*names, *last])


def _trace(tier: int, axes: tuple[Axis, ...]) -> Trace:
    return Trace(
        "parallel",
        where={"tier": tier},
        group="tier",
        axes=axes,
        style={
            "type": "scatter",
            "mode": "lines",
            "name": _NAMES[tier],
            "legendrank": tier,
            "line": {"color": TIERS[-1 - tier], "width": 2.2 if tier == 0 else 1.1},
            "opacity": 0.95 if tier == 0 else 0.5,
            "hovertemplate": "%{text}<extra></extra>",
        },
    )


def _layout(summary: Summary, axes: tuple[Axis, ...]) -> dict[str, Any]:
    columns = summary["columns"]
    return {
        "xaxis": {
            "tickvals": list(range(len(axes))),
            "ticktext": [plain(label(columns[axis.column]["label"]), 20) for axis in axes],
            "range": [-0.15, len(axes) - 0.6],
            "showgrid": True,
            "showline": False,
            "ticklabeloverflow": "allow",
        },
        "yaxis": {"visible": False, "range": [ABSENT - 0.06, 1.06]},
        "annotations": [
            mark for place, axis in enumerate(axes) for mark in _marks(summary, axis, place)
        ],
    }


def _marks(summary: Summary, axis: Axis, place: int) -> list[dict[str, Any]]:
    absent = [("absent", ABSENT)] if is_absent(summary, axis.column) else []
    return [
        {
            "x": place,
            "y": y,
            "text": text,
            "showarrow": False,
            "xanchor": "left",
            "xshift": 5,
            "font": {"size": 11},
        }
        for text, y in [*ticks(axis), *absent]
    ]


def _sentence(summary: Summary, parameters: int) -> str:
    total = sum(rank is not None for rank in summary["columns"]["rank"]["values"])
    most = PARALLEL * len(_NAMES)
    left = f" Drawn are the {_MOST} of {parameters} parameters that mattered most."
    shown = f"{most:,} of {total:,} trials, the best {PARALLEL} of each fifth"
    return (
        f"Each line is a trial: {shown if total > most else count(total, 'trial')}, coloured by "
        f"its fifth in {label(summary['objective'])}. Axes are logarithmic where the space is; "
        "drag along one to keep the trials that cross it there. A trial without a parameter "
        f"passes below that axis, at “absent”.{left if parameters > _MOST else ''}"
    )


def _cells(summary: Summary, axis: Axis) -> list[str]:
    column, best = summary["columns"][axis.column], summary["best"]
    span = (
        short(", ".join(axis.order), 200)
        if axis.order
        else f"{number(axis.low)} to {number(axis.high)}"
    )
    chosen = short(number(column["values"][best["row"]])) if best else "–"
    return [short(column["label"]), span, chosen]
