"""Two parameters against the objective, as a contour over the trials that it is drawn from."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from reports.figures.chart import Axis, Chart, Option, Switch, Trace
from reports.figures.parts import density
from reports.figures.scales import Band, bands, scale, ticked, varied
from reports.figures.theme import NEUTRAL, TIERS, colourscale
from reports.summarize import Summary
from reports.wording import label, number, plain

__all__ = ["chart"]

_PARAMETERS = 6


def chart(summary: Summary) -> Chart:
    """Contours of the mean objective over two parameters, and a point a trial."""
    base = ("contour", "Two parameters together")
    axes = [scale(summary, name) for name in _numeric(summary)[:_PARAMETERS]]
    options = [_option(summary, *pair) for pair in combinations(axes, 2)]
    if not options:
        return Chart(
            *base, "Fewer than two parameters that are numbers varied over trials with a value."
        )
    first = options[0]
    return Chart(
        *base,
        f"Contours are means of completed trials' {label(summary['objective'])}, drawn across "
        "the gaps between them: trust them where there are points, each a trial.",
        traces=[
            Trace("grid", where={"state": "complete"}, style=_surface(summary), **first.trace),
            Trace("spots", style=_spots(summary), **first.trace),
        ],
        layout={"margin": {"t": 24, "r": 16}, **first.layout},
        header=(f"{first.name}: mean (trials)", *(name for name, _ in bands(summary, axes[0]))),
        table=_table(summary, *axes[:2]),
        switches=[Switch("parameters", options)],
    )


def _numeric(summary: Summary) -> list[str]:
    """The numeric parameters that varied, the strongest first, those the best trial lacks last."""
    columns, best = summary["columns"], summary["best"]
    names = [name for name in varied(summary) if columns[name]["kind"] == "number"]
    absent = {name for name in names if best and columns[name]["values"][best["row"]] is None}
    return sorted(names, key=absent.__contains__)


def _option(summary: Summary, x: Axis, y: Axis) -> Option:
    names = (summary["columns"][each.column]["label"] for each in (x, y))
    layout = {"xaxis": ticked(summary, x), "yaxis": ticked(summary, y)}
    return Option(" × ".join(names), {"axes": (x, y)}, layout)


def _table(summary: Summary, x: Axis, y: Axis) -> list[list[str]]:
    """The mean objective of completed trials in each band of x, a row for each band of y."""
    across, down = bands(summary, x), bands(summary, y)
    columns = summary["columns"]
    states, values = columns["state"]["values"], columns["value"]["values"]
    done = [r for r, s in enumerate(states) if s == "complete" and values[r] is not None]

    def cell(right: Band, below: Band) -> str:
        inside = [values[r] for r in done if right[1](r) and below[1](r)]
        return f"{number(sum(inside) / len(inside))} ({len(inside):,})" if inside else "–"

    return [[name, *(cell(band, (name, test)) for band in across)] for name, test in down]


def _surface(summary: Summary) -> dict[str, Any]:
    rising = TIERS if summary["directions"][0] == "max" else TIERS[::-1]
    return {
        "type": "contour",
        "connectgaps": True,
        "colorscale": colourscale(rising),
        "opacity": 0.75,
        "line": {"width": 0.5},
        "hoverinfo": "skip",
        "colorbar": {
            "title": {
                "text": plain(label(summary["objective"]), 24),
                "side": "right",
                "font": {"size": 12},
            },
            "thickness": 10,
            "outlinewidth": 0,
        },
    }


def _spots(summary: Summary) -> dict[str, Any]:
    size, opacity = density(summary)
    return {
        "type": "scatter",
        "mode": "markers",
        "marker": {
            "size": 2 * size // 3,
            "opacity": opacity**2,  # lest many hide what they lie on
            "color": "#ffffff",
            "line": {"width": size / 7.5, "color": NEUTRAL},
        },
        "hovertemplate": "%{text}<extra></extra>",
        "showlegend": False,
    }
