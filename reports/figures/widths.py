"""Width against accuracy: every trial at the width of its layers, and each depth's best there."""

from __future__ import annotations

from typing import Any

from reports.figures.chart import Chart, Option, Switch, Trace
from reports.figures.parts import axis, baselines, by_depth, log_values, present, value_axis
from reports.figures.theme import colour
from reports.summarize import Summary
from reports.wording import label, number, topic

__all__ = ["WIDTHS", "chart"]

WIDTHS = tuple(
    f"params.{name}"
    for name in ("width", "query_width", "candidate_width", "output_dim", "embedding_dim")
)
_WIDE = 4  # times the least width: from here on the axis is logarithmic
_FEW = 8


def chart(summary: Summary) -> Chart:
    """A point a trial at its width, and a line through the best of each depth at each width."""
    base = ("width-vs-accuracy", f"Width against {topic(summary['objective'])}")
    names = [each for each in WIDTHS if each in summary["columns"] and _varies(summary, each)]
    if not names:
        return Chart(*base, "No width varied over trials with a value.")
    options = [_option(summary, name) for name in names]
    table = _table(summary, names[0])
    return Chart(
        *base,
        _sentence(summary, names[0], table),
        traces=[*_lines(summary, names[0]), *by_depth(summary, names[0])],
        layout={"yaxis": value_axis(summary), **baselines(summary), **options[0].layout},
        header=("depth", label(summary["columns"][names[0]]["label"]), "completed", "best"),
        table=[[str(depth), *(number(cell) for cell in cells)] for depth, *cells in table],
        switches=[Switch("units", options)],
    )


def _varies(summary: Summary, name: str) -> bool:
    return len(present(summary, name)) > 1 and summary["columns"][name]["kind"] == "number"


def _option(summary: Summary, name: str) -> Option:
    widths, title = present(summary, name), summary["columns"][name]["label"]
    marks = (
        {"tickvals": widths, "ticktext": [str(w) for w in widths]} if len(widths) <= _FEW else {}
    )
    across = axis(f"{title} in units", log=log_values(summary, name, reach=_WIDE), **marks)
    return Option(title, {"x": name}, {"xaxis": across})


def _lines(summary: Summary, name: str) -> list[Trace]:
    return [
        Trace(
            "ridge",
            x=name,
            y="value",
            where={"state": "complete", "depth": row["depth"]},
            group="depth",
            style={
                "type": "scatter",
                "mode": "lines",
                "line": {"color": colour(place), "width": 2},
                "hoverinfo": "skip",
                "showlegend": False,
            },
        )
        for place, row in enumerate(summary["depths"])
    ]


def _table(summary: Summary, name: str) -> list[tuple[Any, ...]]:
    """Depth, width, completed trials and the best value, where a trial completed."""
    columns = summary["columns"]
    names = ("state", "depth", name, "value")
    found: dict[tuple[Any, float], list[float]] = {}
    for state, depth, width, value in zip(*(columns[n]["values"] for n in names), strict=True):
        if state == "complete" and None not in (depth, width, value):
            found.setdefault((depth, width), []).append(value)
    better = min if columns["value"]["lower"] else max
    depths = [row["depth"] for row in summary["depths"]]
    order = sorted(found, key=lambda each: (depths.index(each[0]), each[1]))
    return [(*each, len(found[each]), better(found[each])) for each in order]


def _sentence(summary: Summary, name: str, table: list[tuple[Any, ...]]) -> str:
    better = min if summary["columns"]["value"]["lower"] else max
    tops = [
        better((row for row in table if row[0] == depth), key=lambda row: row[3])
        for depth in dict.fromkeys(row[0] for row in table)
    ]
    named = label(summary["columns"][name]["label"])
    parts = [f"{number(best)} with {width} at depth {depth}" for depth, width, _, best in tops]
    best = f"Best {label(summary['objective'])} by {named}: {', '.join(parts)}. " if parts else ""
    return (
        f"{best}Each point is a trial, each line joins a depth's best completed trials: where "
        "there were more trials, the best of them is better for that alone."
    )
