"""How much each parameter mattered, as far as a random forest can tell."""

from __future__ import annotations

from reports.figures.chart import Chart, Trace
from reports.figures.parts import axis
from reports.figures.theme import colour
from reports.importance import ENOUGH, Importance, Influence
from reports.summarize import Summary
from reports.wording import count, label, number, plain, short

__all__ = ["chart"]

_DRAWN = 12


def chart(summary: Summary) -> Chart:
    """A dot a parameter, the strongest `_DRAWN` from the top, with the spread over refits."""
    base = ("importance", "What mattered")
    found = summary["importance"]
    if found is None:
        return Chart(*base, _notice(summary))
    names = [summary["columns"][each["column"]]["label"] for each in found["influences"]]
    return Chart(
        *base,
        _sentence(found),
        traces=[_trace(names[:_DRAWN], found["influences"][:_DRAWN])],
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
        return f"What mattered is told from {ENOUGH} completed trials on; there are {completed}."
    return "No parameter, or no value, varied over the completed trials."


def _trace(names: list[str], influences: list[Influence]) -> Trace:
    means = [each["mean"] for each in influences]
    return Trace(
        "fixed",
        style={
            "type": "scatter",
            "mode": "markers",
            "x": means,
            "y": [plain(label(name), 24) for name in names],
            "error_x": {
                "array": [each["high"] - each["mean"] for each in influences],
                "arrayminus": [each["mean"] - each["low"] for each in influences],
                "color": colour(0),
                "thickness": 1.6,
                "width": 5,
            },
            "marker": {"size": 11, "color": colour(0)},
            "hovertemplate": "%{y}: %{x:.3g}<extra></extra>",
            "showlegend": False,
        },
    )


def _sentence(found: Importance) -> str:
    explained = found["explained"]
    worth = f"{explained:.0%}" if explained > 0 else "none"
    return (
        f"Permutation importance of a random forest over {count(found['n'], 'completed trial')}, "
        f"whatever is filtered: it explains {worth} of the variance in trials it was not grown on; "
        f"dots are what shuffling a parameter costs, bars hold nine of ten bootstrap refits."
    )


def _cells(name: str, each: Influence) -> list[str]:
    span = f"{number(each['low'], 3)} to {number(each['high'], 3)}"
    return [short(label(name)), number(each["mean"], 3), span]
