"""Depth against accuracy: every trial, each depth's spread and best, and the lines to beat."""

from __future__ import annotations

from typing import Any

from reports.depths import DepthRow
from reports.figures.chart import Chart, Option, Switch, Trace
from reports.figures.parts import NAMES, axis, baselines, points, value_axis
from reports.figures.scales import scale, ticks, varied
from reports.figures.theme import RAMP, colour, colourscale, translucent
from reports.summarize import Summary
from reports.wording import label, number, topic
from search.summaries import count

__all__ = ["chart"]


def chart(summary: Summary) -> Chart:
    """A point a trial, jittered within its depth, over a box of the completed ones."""
    depths = [row["depth"] for row in summary["depths"]]
    traces = [_box(row, place) for place, row in enumerate(summary["depths"]) if row["n"] > 1]
    for place, depth in enumerate(depths):
        traces += points(
            summary,
            "depth_jittered",
            group="depth",
            value=depth,
            shade=colour(place),
            legend=False,
        )
    traces += [_top(row, place) for place, row in enumerate(summary["depths"]) if row["n"]]
    return Chart(
        name="depth-vs-accuracy",
        title=f"Depth against {topic(summary['objective'])}",
        sentence=_sentence(summary),
        traces=traces if any(trace.kind == "points" for trace in traces) else (),
        layout={
            "xaxis": _across(summary),
            "yaxis": value_axis(summary),
            **baselines(summary),
            "margin": _margin(summary, 24),
        },
        header=("depth", "completed", "pruned", "failed", "best", "trial", "median", "quartiles"),
        table=[_cells(row) for row in summary["depths"]],
        switches=[_metrics(summary), _colours(summary)],
    )


def _across(summary: Summary, standoff: int = 12) -> dict[str, Any]:
    depths = [str(row["depth"]) for row in summary["depths"]]
    across = axis(
        "depth of the towers in dense layers",
        tickvals=list(range(len(depths))),
        ticktext=depths,
        range=[-0.5, len(depths) - 0.5],
    )
    return {**across, "title": {**across["title"], "standoff": standoff}}


def _margin(summary: Summary, top: int) -> dict[str, int]:
    return {"t": top, "r": NAMES if summary["baselines"] else 16}


def _metrics(summary: Summary) -> Switch:
    """The objective, then whatever else was measured at the best epoch."""
    groups = ("objective", "metric")
    others = [
        Option(
            column["label"],
            {"y": name},
            {"yaxis": axis(column["label"]), "shapes": [], "annotations": []},
        )
        for name, column in summary["columns"].items()
        if column["group"] in groups and column["kind"] == "number" and name != "value"
    ]
    return Switch("metric", [Option(summary["objective"]), *others])


def _colours(summary: Summary) -> Switch:
    columns = summary["columns"]
    others = [
        Option(columns[name]["label"], {"colour": scale(summary, name)}, _key(summary, name))
        for name in varied(summary)
        if name != "params.depth"
    ]
    return Switch("colour", [Option("depth"), *others])


def _key(summary: Summary, name: str) -> dict[str, Any]:
    """A layout with the key to a parameter's colours above the plot; grey has no such parameter."""
    marks = ticks(scale(summary, name))
    return {
        "margin": _margin(summary, 72),
        "xaxis": _across(
            summary, standoff=34
        ),  # beside a flat key plotly forgets the ticks' height
        "coloraxis": {
            "cmin": 0,
            "cmax": 1,
            "colorscale": colourscale(RAMP),
            "colorbar": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1.02,
                "yanchor": "bottom",
                "len": 0.8,
                "tickangle": 0,
                "thickness": 10,
                "outlinewidth": 0,
                "tickvals": [place for _, place in marks],
                "ticktext": [text for text, _ in marks],
            },
        },
    }


def _box(row: DepthRow, place: int) -> Trace:
    return Trace(
        "box",
        x="depth_place",
        y="value",
        where={"state": "complete", "depth": row["depth"]},
        group="depth",
        style={
            "type": "box",
            "boxpoints": False,
            "whiskerwidth": 0.3,
            "width": 0.66,
            "fillcolor": translucent(colour(place), 0.12),
            "line": {"color": translucent(colour(place), 0.55), "width": 1.2},
            "hoverinfo": "skip",
            "showlegend": False,
        },
    )


def _top(row: DepthRow, place: int) -> Trace:
    return Trace(
        "top",
        x="depth_jittered",
        y="value",
        where={"state": "complete", "depth": row["depth"]},
        group="depth",
        style={
            "type": "scatter",
            "mode": "markers+text",
            "marker": {
                "symbol": "circle-open",
                "size": 17,
                "color": colour(place),
                "line": {"width": 2},
            },
            "error_y": {"color": colour(place), "thickness": 1.4, "width": 5},
            "texttemplate": "%{y:.5~g}",
            "textposition": "top center",
            "textfont": {"size": 12.5},
            "cliponaxis": False,
            "hovertemplate": "%{text}<extra></extra>",
            "showlegend": False,
        },
    )


def _sentence(summary: Summary) -> str:
    measured = [row for row in summary["depths"] if row["n"]]
    if not measured:
        return "No completed trial has a depth and a value, so there is nothing to draw."
    parts = [
        f"{number(row['best'])} at depth {row['depth']} ({count(row['n'], 'trial')})"
        for row in measured
    ]
    return (
        f"Best {label(summary['objective'])} by depth: {', '.join(parts)}. "
        "Boxes span the quartiles of completed trials; rings mark the best of each depth by the "
        f"chosen metric{_bars(summary)}; open shapes are trials that did not complete. Coloured by "
        "a parameter, grey trials lack it."
    )


def _bars(summary: Summary) -> str:
    if summary["columns"]["value"]["sample"] is None:
        return ""
    return ", with the 95% interval of its measurement"


def _cells(row: DepthRow) -> list[str]:
    spread = "–" if row["quartiles"] is None else " to ".join(number(q) for q in row["quartiles"])
    counts = [str(row["depth"]), *(f"{n:,}" for n in (row["n"], row["pruned"], row["failed"]))]
    return [*counts, number(row["best"]), number(row["trial"]), number(row["median"]), spread]
