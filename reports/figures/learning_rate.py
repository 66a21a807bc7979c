"""Learning rate against accuracy, coloured by optimizer."""

from __future__ import annotations

from reports.figures.chart import Chart, Trace
from reports.figures.parts import axis, baselines, log_values, points, present, value_axis
from reports.figures.theme import colour
from reports.summarize import Summary
from reports.wording import number, short

__all__ = ["chart"]

_RATE, _OPTIMIZER = "params.learning_rate", "params.optimizer"


def chart(summary: Summary) -> Chart:
    """A point a trial at its learning rate, which each optimizer wants in another range."""
    rates = summary["columns"].get(_RATE)
    base = ("learning-rate-by-optimizer", "Learning rate by optimizer")
    if rates is None or not present(summary, _RATE):
        return Chart(*base, "The learning rate did not vary over trials with a value.")
    return Chart(
        *base,
        _sentence(summary),
        traces=_traces(summary),
        layout={
            "xaxis": axis("learning rate", log=log_values(summary, _RATE)),
            "yaxis": value_axis(summary),
            **baselines(summary),
        },
        header=("optimizer", "trials", "best", "its learning rate"),
        table=_table(summary),
    )


def _traces(summary: Summary) -> list[Trace]:
    if _OPTIMIZER not in summary["columns"]:
        return points(summary, _RATE, shade=colour(0))
    return [
        trace
        for place, optimizer in enumerate(present(summary, _OPTIMIZER))
        for trace in points(
            summary, _RATE, group=_OPTIMIZER, value=optimizer, name=optimizer, shade=colour(place)
        )
    ]


def _sentence(summary: Summary) -> str:
    rows = _table(summary)
    if not rows:
        return "No completed trial has a learning rate."
    parts = [f"{optimizer} {value} at {rate}" for optimizer, _, value, rate in rows]
    return f"Best completed trial of each optimizer: {', '.join(parts)}."


def _table(summary: Summary) -> list[list[str]]:
    columns = summary["columns"]
    rank, values = columns["rank"]["values"], columns["value"]["values"]
    rates, states = columns[_RATE]["values"], columns["state"]["values"]
    names = (
        columns[_OPTIMIZER]["values"] if _OPTIMIZER in columns else ["every optimizer"] * len(rank)
    )
    groups: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        if states[row] == "complete" and None not in (name, rank[row], rates[row]):
            groups.setdefault(name, []).append(row)
    best = [(name, rows, min(rows, key=rank.__getitem__)) for name, rows in groups.items()]
    return [
        [short(name), f"{len(rows):,}", number(values[top]), number(rates[top], 3)]
        for name, rows, top in sorted(best, key=lambda each: rank[each[2]])
    ]
