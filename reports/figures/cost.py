"""Accuracy against what it costs: time, size or memory."""

from __future__ import annotations

from reports.columns import completed, ranked
from reports.figures.chart import Chart, Option, Switch, Trace
from reports.figures.parts import axis, baselines, by_depth, log_values, present, value_axis
from reports.figures.theme import NEUTRAL
from reports.summarize import Summary
from reports.wording import capital, label, number, topic

__all__ = ["COSTS", "chart"]

_UNITS = {"train_seconds": "seconds of training", "evaluate_seconds": "seconds of evaluation"}
_WIDE = 20  # times the least cost: from here on only a logarithmic axis tells costs apart
_TITLES = {"train_seconds": "time", "parameters": "size"}
_TOGETHER = {
    "train_seconds": ("train_seconds", "evaluate_seconds", "examples_per_second"),
    "parameters": ("parameters", "bytes", "peak_bytes"),
}
COSTS = {
    "train_seconds": "training time in seconds",
    "evaluate_seconds": "evaluation time in seconds",
    "parameters": "parameters of the model",
    "bytes": "size of the model in bytes",
    "peak_bytes": "peak memory in bytes",
    "examples_per_second": "training examples per second",
}


def chart(summary: Summary, cost: str) -> Chart:
    """A point a trial at its cost, coloured by depth, and the best to be had for each cost."""
    column = f"cost.{cost}"
    name = f"accuracy-vs-{cost.replace('_', '-')}"
    measure = capital(topic(summary["objective"]))
    title = f"{measure} against {_TITLES.get(cost, label(cost))}"
    if column not in summary["columns"] or not present(summary, column):
        return Chart(name, title, f"No trial with a value recorded its {COSTS[cost]}.")
    front = _front(summary, column)
    return Chart(
        name,
        title,
        _sentence(cost, front),
        traces=[*by_depth(summary, column), _line(column)],
        layout={
            "yaxis": value_axis(summary),
            **baselines(summary),
            **_option(summary, cost).layout,
        },
        header=("trial", label(cost), label(summary["objective"])),
        table=front,
        switches=[Switch("cost", [_option(summary, each) for each in _recorded(summary, cost)])],
    )


def _recorded(summary: Summary, cost: str) -> list[str]:
    names = (cost, *(each for each in _TOGETHER.get(cost, ()) if each != cost))
    return [n for n in names if f"cost.{n}" in summary["columns"] and present(summary, f"cost.{n}")]


def _option(summary: Summary, cost: str) -> Option:
    column = f"cost.{cost}"
    across = axis(COSTS.get(cost, cost), log=log_values(summary, column, reach=_WIDE))
    return Option(COSTS.get(cost, cost), {"x": column}, {"xaxis": across})


def _line(column: str) -> Trace:
    return Trace(
        "front",
        x=column,
        y="value",
        where={"state": "complete", "feasible": 1},
        style={
            "type": "scatter",
            "mode": "lines",
            "name": "Pareto front",
            "line": {"shape": "hv", "color": NEUTRAL, "width": 1.6},
            "hoverinfo": "skip",
        },
    )


def _front(summary: Summary, column: str) -> list[list[str]]:
    columns = summary["columns"]
    costs, rank = columns[column]["values"], columns["rank"]["values"]
    rows = [row for row in ranked(columns, completed(columns)) if costs[row] is not None]
    front: list[int] = []
    sign = 1 if columns[column]["lower"] else -1
    for row in sorted(rows, key=lambda row: (sign * costs[row], rank[row])):
        if not front or rank[row] < rank[front[-1]]:
            front.append(row)
    numbers, values = columns["number"]["values"], columns["value"]["values"]
    return [[f"{numbers[r]:,}", number(costs[r]), number(values[r])] for r in front]


def _sentence(cost: str, front: list[list[str]]) -> str:
    if not front:
        return f"No completed trial recorded its {COSTS[cost]}."
    (cheapest, low, start), (best, high, end) = front[0], front[-1]
    unit = _UNITS.get(cost, label(cost))
    if len(front) == 1:
        return f"Trial {best} is both the cheapest and the best: {end} at {high} {unit}."
    return (
        f"The cheapest trial, {cheapest}, reaches {start} at {low} {unit}; the best, "
        f"{best}, {end} at {high}. No trial on the Pareto front is beaten in both."
    )
