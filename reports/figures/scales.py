"""A column's values as places in 0..1, for axes and colours that hold any kind of parameter."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from reports.figures.chart import Axis
from reports.figures.parts import axis, present
from reports.summarize import Summary
from reports.wording import number, plain

__all__ = ["scale", "ticked", "ticks", "varied"]

_TICKS = 12


def varied(summary: Summary) -> list[str]:
    """The parameters' columns that differ between trials with a value, those that matter first."""
    columns, found = summary["columns"], summary["importance"]
    names = [name for name, column in columns.items() if column["group"] == "parameter"]
    ranked = [each["column"] for each in found["influences"]] if found else []
    order = dict.fromkeys(chain(ranked, names))
    return [name for name in order if len(present(summary, name)) > 1]


def scale(summary: Summary, name: str) -> Axis:
    """A column from its lowest to its highest value, or its texts in order."""
    column, values = summary["columns"][name], present(summary, name)
    if column["kind"] == "text":
        return Axis(name, order=tuple(values))
    return Axis(name, low=values[0], high=values[-1], log=column["log"] and values[0] > 0)


def ticks(scaled: Axis) -> Sequence[tuple[str, float]]:
    """What to write at which place: the ends of a range, or the first dozen texts."""
    if scaled.order:
        last = max(len(scaled.order) - 1, 1)
        return [(plain(text, 14), i / last) for i, text in enumerate(scaled.order[:_TICKS])]
    if scaled.high > scaled.low:
        return [(number(scaled.low, 3), 0.0), (number(scaled.high, 3), 1.0)]
    return [(number(scaled.low, 3), 0.5)]


def ticked(summary: Summary, scaled: Axis) -> dict[str, Any]:
    """A layout's axis of places, with the column's values written at them."""
    marks = ticks(scaled)
    return axis(
        summary["columns"][scaled.column]["label"],
        tickvals=[place for _, place in marks],
        ticktext=[text for text, _ in marks],
        range=[-0.04, 1.04],
        showgrid=False,
    )
