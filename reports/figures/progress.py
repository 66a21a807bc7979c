"""The best value so far, over trials or over time."""

from __future__ import annotations

from reports.figures.chart import Chart, Option, Switch, Trace
from reports.figures.parts import axis, baselines, points, value_axis
from reports.figures.theme import NEUTRAL, colour
from reports.summarize import Summary
from reports.wording import count, label, number

__all__ = ["chart"]

_TIME = Option(
    "time",
    {"x": "elapsed"},
    {"xaxis": axis("minutes from the first trial's start to this one's end")},
)


def chart(summary: Summary) -> Chart:
    """A point a trial in order of number, under the running best of completed ones."""
    trials = points(summary, "number", shade=NEUTRAL)
    best = Trace(
        "running",
        x="number",
        y="value",
        where={"state": "complete"},
        style={
            "type": "scatter",
            "mode": "lines",
            "name": "best so far",
            "line": {"shape": "hv", "color": colour(0), "width": 2.6},
            "hovertemplate": "best so far: %{y:.4g}<extra></extra>",
        },
    )
    steps = _steps(summary)
    return Chart(
        name="best-so-far",
        title="Best so far",
        sentence=_sentence(summary, steps),
        traces=[*trials, best] if trials else (),
        layout={
            "xaxis": axis("trial"),
            "yaxis": value_axis(summary),
            **baselines(summary),
        },
        header=("trial", label(summary["objective"])),
        table=[[f"{n:,}", number(value)] for n, value in steps],
        switches=[Switch("over", [Option("trials"), _TIME])],
    )


def _steps(summary: Summary) -> list[tuple[int, float]]:
    columns = summary["columns"]
    steps: list[tuple[int, float]] = []
    best = None
    for n, state, value, rank in zip(
        *(columns[name]["values"] for name in ("number", "state", "value", "rank")), strict=True
    ):
        if state == "complete" and rank is not None and (best is None or rank < best):
            best = rank
            steps.append((n, value))
    return steps


def _sentence(summary: Summary, steps: list[tuple[int, float]]) -> str:
    if not steps:
        return "No trial has completed with a value."
    last = summary["columns"]["number"]["values"][-1]
    since = last - steps[-1][0]
    return (
        f"The best trial is number {steps[-1][0]:,}; {count(since, 'trial')} after it did not "
        f"improve on it."
    )
