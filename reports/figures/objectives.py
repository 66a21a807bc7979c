"""Several objectives against each other, and the trials that none beats in all of them."""

from __future__ import annotations

from reports.figures.chart import Chart, Option, Switch, Trace
from reports.figures.parts import axis, by_depth, present, value_axis
from reports.figures.theme import NEUTRAL
from reports.summarize import Summary
from reports.wording import label, number
from search.summaries import count

__all__ = ["chart"]

_LISTED = 50


def chart(summary: Summary) -> Chart:
    """A point a trial at its first objective over another, the Pareto front ringed."""
    base = ("objectives", "Objectives against each other")
    names = [key for key in summary["columns"] if key.startswith("values.")]
    drawn = [name for name in names if present(summary, name)]
    if not drawn:
        return Chart(*base, "No trial has a value of more than one objective.")
    options = [_option(summary, name) for name in drawn]
    return Chart(
        *base,
        _sentence(summary),
        traces=[*by_depth(summary, drawn[0]), _rings(drawn[0])],
        layout={"yaxis": value_axis(summary), **options[0].layout},
        header=("trial", *map(label, summary["objectives"])),
        table=_table(summary, names),
        switches=[Switch("against", options)],
    )


def _option(summary: Summary, name: str) -> Option:
    title = summary["columns"][name]["label"]
    return Option(title, {"x": name}, {"xaxis": axis(title)})


def _rings(x: str) -> Trace:
    return Trace(
        "points",
        x=x,
        y="value",
        where={"front": 1},
        style={
            "type": "scatter",
            "mode": "markers",
            "name": "Pareto front",
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {
                "symbol": "circle-open",
                "size": 16,
                "color": NEUTRAL,
                "line": {"width": 2},
            },
        },
    )


def _sentence(summary: Summary) -> str:
    on = sum(place is not None for place in summary["columns"]["front"]["values"])
    goals = " and ".join(
        f"{label(name)} ({direction})"
        for name, direction in zip(summary["objectives"], summary["directions"], strict=True)
    )
    listed = f" The table lists the first {_LISTED}." if on > _LISTED else ""
    return (
        f"Ringed is the Pareto front of {goals}, {count(on, 'completed trial')}: whatever is "
        f"better than one of them in one objective is worse in another.{listed}"
    )


def _table(summary: Summary, names: list[str]) -> list[list[str]]:
    columns = summary["columns"]
    rank = columns["rank"]["values"]
    on = [row for row, place in enumerate(columns["front"]["values"]) if place is not None]
    shown = sorted(on, key=rank.__getitem__)[:_LISTED]
    keys = ["number", "value", *names]
    return [[number(columns[key]["values"][row]) for key in keys] for row in shown]
