"""Traces bound to a summary's trials; `templates/bind.js` says the same in the page."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from reports.columns import ranked
from reports.figures.chart import Axis, Trace
from reports.figures.theme import NEUTRAL
from reports.importance import Importance, importance
from reports.statistics import NORMAL, accuracy_error, quantile
from reports.summarize import Summary
from reports.wording import label, number, plain

__all__ = ["ABSENT", "INFLUENCES", "PARALLEL", "bind"]

ABSENT = -0.16
PARALLEL = 100
INFLUENCES = 12
GRID = 30
Data = dict[str, Any]


def bind(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    """The plotly trace of those `rows` that the trace asks for."""
    columns = summary["columns"]
    wanted = [(columns[name]["values"], value) for name, value in trace.where.items()]
    chosen = [row for row in rows if all(values[row] == value for values, value in wanted)]
    return {**trace.style, **_BINDERS[trace.kind](trace, summary, chosen)}


def _points(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    placed = _placed(trace, summary, rows)
    return {
        **_xy(trace, summary, placed),
        **_told(summary, placed),
        **_coloured(trace, summary, placed),
    }


def _top(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    """The best of the rows alone, with the interval of its value where that is a share."""
    values = summary["columns"][trace.y]["values"]
    placed = _placed(trace, summary, ranked(summary["columns"], rows))
    top = [_better(summary, trace)(placed, key=values.__getitem__)] if placed else []
    errors = [accuracy_error(values[row], summary["columns"][trace.y]["sample"]) for row in top]
    halves = [NORMAL * error for error in errors if error is not None]
    shown = {**trace.style["error_y"], "array": halves}
    return {**_points(trace, summary, top), "error_y": shown}


def _ridge(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    """The best value at each x, in order of x."""
    better = _better(summary, trace)
    best: dict[float, float] = {}
    for x, y in zip(*_xy(trace, summary, _placed(trace, summary, rows)).values(), strict=True):
        best[x] = better(best.get(x, y), y)
    return {"x": sorted(best), "y": [best[x] for x in sorted(best)]}


def _box(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    return _xy(trace, summary, _placed(trace, summary, rows))


def _running(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    """The best value up to each trial, in order of x."""
    order = summary["columns"][trace.x]["values"].__getitem__
    placed = sorted(_placed(trace, summary, rows), key=order)
    better = _better(summary, trace)
    xs, ys = _xy(trace, summary, placed).values()
    best: list[float] = []
    for y in ys:
        best.append(better(best[-1], y) if best else y)
    return {"x": xs, "y": best}


def _front(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    """The values that none better or equal in x equals in y, from the best x on."""
    placed = _placed(trace, summary, rows)
    xs, ys = _xy(trace, summary, placed).values()
    front: list[tuple[float, float]] = []
    across, up = (1 if summary["columns"][c]["lower"] else -1 for c in (trace.x, trace.y))
    for x, y in sorted(zip(xs, ys, strict=True), key=lambda at: (across * at[0], up * at[1])):
        if not front or up * (front[-1][1] - y) > 0:
            front.append((x, y))
    return {"x": [x for x, _ in front], "y": [y for _, y in front]}


def _curves(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    """Every curve in one trace, None between them."""
    numbers = summary["columns"]["number"]["values"]
    xs: list[Any] = []
    ys: list[Any] = []
    custom: list[Any] = []
    for row, epochs, values in _curve_rows(trace, summary, rows):
        xs += [*epochs, None]
        ys += [*values, None]
        custom += [numbers[row]] * (len(epochs) + 1)
    return {"x": xs, "y": ys, "customdata": custom}


def _band(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    """The quartiles of all curves at each epoch, as one closed outline."""
    at = _by_epoch(trace, summary, rows)
    low = [quantile(values, 0.25) for values in at.values()]
    high = [quantile(values, 0.75) for values in at.values()]
    epochs = list(at)
    return {"x": epochs + epochs[::-1], "y": low + high[::-1]}


def _median(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    at = _by_epoch(trace, summary, rows)
    return {"x": list(at), "y": [quantile(values, 0.5) for values in at.values()]}


def _parallel(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    """One line a trial through its places on the axes, for the best `PARALLEL` of the rows.

    Where a trial has no such parameter its line runs below the axis, at `ABSENT`.
    """
    numbers = summary["columns"]["number"]["values"]
    best = ranked(summary["columns"], rows)[:PARALLEL]
    places = range(len(trace.axes))
    return {
        "x": [x for _ in best for x in (*places, None)],
        "y": [y for row in best for y in (*_track(trace, summary, row), None)],
        "customdata": [numbers[row] for row in best for _ in range(len(places) + 1)],
        "text": [t for row in best for t in [_hover(summary, row)] * (len(places) + 1)],
    }


def _track(trace: Trace, summary: Summary, row: int) -> list[float]:
    places = (_place(axis, summary, row) for axis in trace.axes)
    return [ABSENT if place is None else place for place in places]


def _grid(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    """The mean value in each cell of a square grid over two axes, finer the more trials there are.

    The outermost cells are centred on the ends of the axes; an empty cell is None.
    """
    placed = _spotted(trace, summary, rows)
    cells = min(max(math.floor(math.sqrt(len(placed))), 4), GRID)
    values = summary["columns"]["value"]["values"]
    found: dict[tuple[int, ...], list[float]] = {}
    for row, places in placed.items():
        cell = tuple(math.floor(place * (cells - 1) + 0.5) for place in places)
        found.setdefault(cell, []).append(values[row])
    means = {cell: sum(each) / len(each) for cell, each in found.items()}
    centres = [cell / (cells - 1) for cell in range(cells)]
    z = [[means.get((i, j)) for i in range(cells)] for j in range(cells)]
    return {"x": centres, "y": centres, "z": z}


def _spots(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    """A point a trial at its places on two axes."""
    placed = _spotted(trace, summary, rows)
    xs, ys = ([places[i] for places in placed.values()] for i in range(2))
    return {"x": xs, "y": ys, **_told(summary, [*placed])}


def _influence(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    """What each parameter mattered among the rows, the strongest first, for all that is drawn."""
    columns = summary["columns"]
    known = [row for row in rows if columns["value"]["values"][row] is not None]
    whole = summary["importance"]
    is_whole = whole is not None and whole["completed"] == len(known)
    found = whole if is_whole else importance(columns, known)
    drawn = found["influences"][:INFLUENCES] if found else []
    return {
        "x": [each["mean"] for each in drawn],
        "y": [plain(label(columns[each["column"]]["label"]), 24) for each in drawn],
        "error_x": {
            **trace.style["error_x"],
            "array": [each["high"] - each["mean"] for each in drawn],
            "arrayminus": [each["mean"] - each["low"] for each in drawn],
        },
        "name": f"{len(known):,} completed trial{'s' * (len(known) != 1)}: {_worth(found)}",
    }


def _worth(found: Importance | None) -> str:
    if found is None:
        return "too few, or nothing varied"
    return f"{max(found['explained'], 0):.0%} of the variance explained"


def _fixed(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    return {}


_BINDERS: dict[str, Callable[[Trace, Summary, Sequence[int]], Data]] = {
    "points": _points,
    "top": _top,
    "ridge": _ridge,
    "box": _box,
    "running": _running,
    "front": _front,
    "curves": _curves,
    "band": _band,
    "median": _median,
    "parallel": _parallel,
    "grid": _grid,
    "spots": _spots,
    "influence": _influence,
    "fixed": _fixed,
}


def _placed(trace: Trace, summary: Summary, rows: Sequence[int]) -> list[int]:
    xs, ys = (summary["columns"][name]["values"] for name in (trace.x, trace.y))
    return [row for row in rows if xs[row] is not None and ys[row] is not None]


def _xy(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    xs, ys = (summary["columns"][name]["values"] for name in (trace.x, trace.y))
    return {"x": [xs[row] for row in rows], "y": [ys[row] for row in rows]}


def _told(summary: Summary, rows: Sequence[int]) -> Data:
    numbers = summary["columns"]["number"]["values"]
    return {
        "customdata": [numbers[row] for row in rows],
        "text": [_hover(summary, row) for row in rows],
    }


def _coloured(trace: Trace, summary: Summary, rows: Sequence[int]) -> Data:
    if trace.colour is None:
        return {}
    places = [_place(trace.colour, summary, row) for row in rows]
    shades = [NEUTRAL if place is None else place for place in places]
    return {"marker": {**trace.style["marker"], "color": shades, "coloraxis": "coloraxis"}}


def _spotted(trace: Trace, summary: Summary, rows: Sequence[int]) -> dict[int, tuple[float, ...]]:
    """The rows with a value and a place on every axis, with those places."""
    values = summary["columns"]["value"]["values"]
    found = {}
    for row in rows:
        if values[row] is not None:
            places = [_place(each, summary, row) for each in trace.axes]
            found[row] = tuple(place for place in places if place is not None)
    return {row: places for row, places in found.items() if len(places) == len(trace.axes)}


def _better(summary: Summary, trace: Trace) -> Callable[..., Any]:
    return min if summary["columns"][trace.y]["lower"] else max


def _curve_rows(
    trace: Trace, summary: Summary, rows: Sequence[int]
) -> list[tuple[int, list[Any], list[Any]]]:
    curves, wanted = summary["curves"], {*rows}
    values = curves["values"].get(trace.y, [])
    triples = zip(curves["rows"], curves["epoch"], values, strict=False)
    return [(row, epochs, ys) for row, epochs, ys in triples if row in wanted]


def _by_epoch(trace: Trace, summary: Summary, rows: Sequence[int]) -> dict[int, list[float]]:
    """Every curve's value at each epoch of any, rising; one that has ended keeps its last value."""
    curves = [
        {epoch: value for epoch, value in zip(epochs, values, strict=True) if value is not None}
        for _, epochs, values in _curve_rows(trace, summary, rows)
    ]
    at: dict[int, list[float]] = {}
    latest: dict[int, float] = {}
    for epoch in sorted({epoch for curve in curves for epoch in curve}):
        latest |= {n: curve[epoch] for n, curve in enumerate(curves) if epoch in curve}
        at[epoch] = sorted(latest.values())
    return at


def _place(axis: Axis, summary: Summary, row: int) -> float | None:
    value = summary["columns"][axis.column]["values"][row]
    if value is None:
        return None
    if axis.order:
        return axis.order.index(value) / max(len(axis.order) - 1, 1)
    scale = math.log if axis.log else float
    low, high = scale(axis.low), scale(axis.high)
    return round((scale(value) - low) / (high - low), 4) if high > low else 0.5


def _hover(summary: Summary, row: int) -> str:
    columns = summary["columns"]
    shown = [
        c for c in columns.values() if c["group"] == "parameter" and c["values"][row] is not None
    ]
    head = f"<b>trial {columns['number']['values'][row]}</b> · {columns['state']['values'][row]}"
    value = f"{plain(label(summary['objective']))} {number(columns['value']['values'][row])}"
    parts = [f"{plain(label(c['label']), 30)} {plain(number(c['values'][row]), 30)}" for c in shown]
    return "<br>".join([head, value, *parts])
