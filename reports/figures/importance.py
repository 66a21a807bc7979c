"""How much each parameter mattered, as far as a random forest can tell."""

from __future__ import annotations

from reports.figures.chart import Chart, Trace
from reports.figures.parts import axis
from reports.figures.theme import colour
from reports.importance import ENOUGH, Importance, Influence
from reports.summarize import Summary
from reports.wording import label, number, short
from search.summaries import count

__all__ = ["chart"]


def chart(summary: Summary) -> Chart:
    """A dot a parameter, the strongest from the top, with the spread over refits."""
    base = ("importance", "What mattered")
    found = summary["importance"]
    if found is None:
        return Chart(*base, _notice(summary))
    names = [summary["columns"][each["column"]]["label"] for each in found["influences"]]
    return Chart(
        *base,
        _sentence(found),
        traces=[_trace()],
        layout={
            "xaxis": axis("variance lost by shuffling", zeroline=True),
            "yaxis": {"autorange": "reversed", "showgrid": True},
            "dragmode": False,
        },
        header=("parameter", "share lost", "in nine of ten refits"),
        table=[_cells(*pair) for pair in zip(names, found["influences"], strict=True)],
    )


def _notice(summary: Summary) -> str:
    n = summary["counts"]["complete"]
    if n < ENOUGH:
        completed = count(n, "completed trial")
        return (
            f"What mattered is told from {ENOUGH} completed trials on; the study has {completed}."
        )
    return "No parameter, or no value, varied over the completed trials."


def _trace() -> Trace:
    return Trace(
        "influence",
        where={"state": "complete", "feasible": 1},
        style={
            "type": "scatter",
            "mode": "markers",
            "error_x": {"color": colour(0), "thickness": 1.6, "width": 5},
            "marker": {"size": 11, "color": colour(0)},
            "hovertemplate": "%{y}: %{x:.3g}<extra></extra>",
            "showlegend": True,
        },
    )


def _sentence(found: Importance) -> str:
    explained = found["explained"]
    worth = f"{explained:.0%}" if explained > 0 else "none"
    n, completed = found["n"], count(found["completed"], "completed trial")
    grown = completed if n == found["completed"] else f"{n:,} of the {completed}, evenly spaced"
    return (
        f"Permutation importance of a random forest over {grown}: it explains {worth} of the "
        f"variance in trials it was not grown on; dots are what shuffling a parameter costs, bars "
        f"hold nine of ten bootstrap refits. A choice of trials grows a forest of its own."
    )


def _cells(name: str, each: Influence) -> list[str]:
    span = f"{number(each['low'], 3)} to {number(each['high'], 3)}"
    return [short(label(name)), number(each["mean"], 3), span]
