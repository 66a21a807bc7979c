"""The best value so far, over trials or over time."""

from __future__ import annotations

from reports.figures.chart import Chart, Option, Switch, Trace
from reports.figures.parts import axis, baselines, points, value_axis
from reports.figures.theme import NEUTRAL, colour
from reports.summarize import Summary
from reports.wording import label, number
from search.records import ENDED
from search.summaries import count

__all__ = ["chart", "steps"]

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
            "hovertemplate": "best so far: %{y:.5~g}<extra></extra>",
        },
    )
    found = steps(summary)
    return Chart(
        name="best-so-far",
        title="Best so far",
        sentence=_sentence(summary, found),
        traces=[*trials, best] if trials else (),
        layout={
            "xaxis": axis("trial"),
            "yaxis": value_axis(summary),
            **baselines(summary),
        },
        header=("trial", label(summary["objective"])),
        table=[[f"{n:,}", number(value)] for n, value in found],
        switches=[Switch("over", [Option("trials"), _TIME])],
    )


def steps(summary: Summary) -> list[tuple[int, float]]:
    """The completed trials that were better than all before, each with its value."""
    columns = summary["columns"]
    found: list[tuple[int, float]] = []
    best = None
    for n, state, value, rank in zip(
        *(columns[name]["values"] for name in ("number", "state", "value", "rank")), strict=True
    ):
        if state == "complete" and rank is not None and (best is None or rank < best):
            best = rank
            found.append((n, value))
    return found


def _sentence(summary: Summary, found: list[tuple[int, float]]) -> str:
    if not found:
        return "No trial has completed with a value."
    numbers, states = (summary["columns"][name]["values"] for name in ("number", "state"))
    best = found[-1][0]
    later = sum(n > best and s in ENDED for n, s in zip(numbers, states, strict=True))
    since = f"; {count(later, 'trial')} that ended after it did not improve on it" if later else ""
    return f"The best trial is number {best:,}{since}."
