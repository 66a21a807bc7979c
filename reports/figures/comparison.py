"""Several studies in one chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reports.figures.bind import bind
from reports.figures.chart import Chart, Trace
from reports.figures.parts import axis, value_axis
from reports.figures.progress import steps
from reports.figures.theme import colour
from reports.statistics import NORMAL
from reports.summarize import Summary
from reports.wording import label, number, plain, short

__all__ = ["best_so_far", "final_values"]


def best_so_far(summaries: Sequence[Summary]) -> Chart:
    """A line a study: the running best of its completed trials, trial by trial."""
    return Chart(
        "best-so-far",
        "Best so far",
        f"Each line is the best {label(summaries[0]['objective'])} of a study's completed trials "
        "so far.",
        traces=[_running(summary, place) for place, summary in enumerate(summaries)],
        layout={"xaxis": axis("trial"), "yaxis": value_axis(summaries[0]), "dragmode": False},
        header=("study", "trial", label(summaries[0]["objective"])),
        table=[
            [short(s["name"]), f"{n:,}", number(value)] for s in summaries for n, value in steps(s)
        ],
    )


def final_values(summaries: Sequence[Summary]) -> Chart:
    """A dot a study: its best trial, with the 95% interval of a share of independent queries."""
    known = [(place, summary) for place, summary in enumerate(summaries) if summary["best"]]
    return Chart(
        "final-values",
        "Best of each study",
        "Bars are 95% intervals of one trial's measurement, from the number of validation "
        "interactions alone; that validation data chose the trial flatters every study.",
        traces=[_dot(summary, place) for place, summary in known],
        layout={
            "xaxis": value_axis(summaries[0]),
            "yaxis": {"autorange": "reversed", "showgrid": True},
            "dragmode": False,
        },
        header=("study", label(summaries[0]["objective"]), "95% interval", "trial", "completed"),
        table=[[*_cells(summary)] for summary in summaries],
    )


def _running(summary: Summary, place: int) -> Trace:
    asked = Trace("running", x="number", y="value", where={"state": "complete"})
    return Trace(
        "fixed",
        style={
            **bind(asked, summary, range(len(summary["columns"]["number"]["values"]))),
            "type": "scatter",
            "mode": "lines",
            "name": plain(summary["name"], 30),
            "line": {"shape": "hv", "color": colour(place), "width": 2.6},
            "hovertemplate": "best so far: %{y:.5~g}",
        },
    )


def _dot(summary: Summary, place: int) -> Trace:
    value, half = _measured(summary)
    error: dict[str, Any] = {} if half is None else {"array": [half], "thickness": 1.6}
    return Trace(
        "fixed",
        style={
            "type": "scatter",
            "mode": "markers",
            "x": [value],
            "y": [plain(summary["name"], 30)],
            "error_x": error,
            "marker": {"size": 11, "color": colour(place)},
            "hovertemplate": "%{y}: %{x:.5~g}<extra></extra>",
            "showlegend": False,
        },
    )


def _measured(summary: Summary) -> tuple[float | None, float | None]:
    best = summary["best"]
    if best is None:
        return None, None
    return best["value"], None if best["error"] is None else NORMAL * best["error"]


def _cells(summary: Summary) -> Iterator[str]:
    value, half = _measured(summary)
    yield short(summary["name"])
    yield number(value)
    yield (
        "–"
        if value is None or half is None
        else f"{number(value - half)} to {number(value + half)}"
    )
    yield number(summary["best"]["number"] if summary["best"] else None)
    yield f"{summary['counts']['complete']:,}"
