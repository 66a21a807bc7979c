"""A column's values as places in 0..1, for axes and colours that hold any kind of parameter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, pairwise
from typing import Any

from reports.figures.chart import Axis
from reports.figures.parts import axis, log_values, present
from reports.summarize import Summary
from reports.wording import number, plain, short

__all__ = ["Band", "bands", "is_absent", "scale", "ticked", "ticks", "varied"]

Band = tuple[str, Callable[[int], bool]]
_TICKS = 12
_FEW = 5
_BANDS = 3


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
    return Axis(name, low=values[0], high=values[-1], log=bool(log_values(summary, name)))


def ticks(scaled: Axis) -> Sequence[tuple[str, float]]:
    """What to write at which place: the ends of a range, or the first dozen texts."""
    if scaled.order:
        last = max(len(scaled.order) - 1, 1)
        return [(plain(text, 14), i / last) for i, text in enumerate(scaled.order[:_TICKS])]
    if scaled.high > scaled.low:
        return [(number(scaled.low, 3), 0.0), (number(scaled.high, 3), 1.0)]
    return [(number(scaled.low, 3), 0.5)]


def bands(summary: Summary, scaled: Axis) -> list[Band]:
    """A few bands of a column by name, each with a test of rows: values, or thirds of the axis."""
    column, values = summary["columns"][scaled.column]["values"], present(summary, scaled.column)
    if scaled.order or len(values) <= _FEW:
        return [(short(number(value), 20), partial(_is, column, value)) for value in values]
    ends = [_inverse(scaled, place / _BANDS) for place in range(_BANDS + 1)]
    return [_band(column, *pair, last=pair[1] == ends[-1]) for pair in pairwise(ends)]


def is_absent(summary: Summary, name: str) -> bool:
    """Whether some trial with a value has none in this column."""
    columns = summary["columns"]
    pairs = zip(columns["value"]["values"], columns[name]["values"], strict=True)
    return any(value is not None and each is None for value, each in pairs)


def _is(column: Sequence[Any], value: Any, row: int) -> bool:
    return bool(column[row] == value)


def _inverse(scaled: Axis, place: float) -> float:
    """The number at a place of an axis."""
    if scaled.log:
        return float(scaled.low * (scaled.high / scaled.low) ** place)
    return scaled.low + (scaled.high - scaled.low) * place


def _band(column: Sequence[Any], low: float, high: float, *, last: bool) -> Band:
    """The rows from `low` up to `high`, which itself belongs to the last band alone."""

    def test(row: int) -> bool:
        value = column[row]
        return value is not None and (low <= value < high or (last and value >= high))

    return f"{number(low, 3)} to {number(high, 3)}", test


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
