"""Accuracy by epoch, coloured by depth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reports.figures.chart import Chart, Trace
from reports.figures.parts import axis, baselines, value_axis
from reports.figures.theme import colour, translucent
from reports.summarize import Summary
from reports.wording import capital, label, number, plain, topic
from search.summaries import count

__all__ = ["chart", "of_one_trial"]


def chart(summary: Summary) -> Chart:
    """Each depth's median over its quartile band, and behind them the curve of every trial."""
    depths = [row["depth"] for row in summary["depths"]]
    drawn = [(depth, place) for place, depth in enumerate(depths) if _rows(summary, depth)]
    objective = summary["objective"]
    return Chart(
        name="accuracy-by-epoch",
        title=f"{capital(topic(objective))} by epoch and depth",
        sentence=_sentence(summary),
        traces=[trace for pair in drawn for trace in _traces(objective, *pair)],
        layout={
            "xaxis": axis("epoch", dtick=_step(summary)),
            "yaxis": value_axis(summary),
            **baselines(summary),
        },
        header=("depth", "curves", "median best epoch", "earliest", "latest"),
        table=[_cells(summary, depth) for depth, _ in drawn],
    )


def of_one_trial(summary: Summary) -> Chart:
    """The curves of one trial: the first objective, and beneath it the losses."""
    losses = [name for name in ("train_loss", "loss") if name in summary["curves"]["values"]]
    traces = [_line(summary["objective"], 0, yaxis="y")]
    traces += [_line(name, place, yaxis="y2") for place, name in enumerate(losses, start=1)]
    return Chart(
        name="trial-curve",
        title="Curve",
        sentence="",
        traces=traces,
        layout={
            "xaxis": axis("epoch", anchor="y2" if losses else "y", dtick=_step(summary)),
            "yaxis": axis(summary["objective"], domain=[0.56 if losses else 0, 1]),
            "yaxis2": axis("loss", domain=[0, 0.44]),
        },
    )


def _step(summary: Summary) -> int | None:
    """One epoch between ticks where there are few, lest there be ticks between epochs."""
    last = max((epochs[-1] for epochs in summary["curves"]["epoch"]), default=0)
    return 1 if last <= 6 else None


def _line(metric: str, place: int, *, yaxis: str) -> Trace:
    return Trace(
        "curves",
        y=metric,
        style={
            "type": "scatter",
            "mode": "lines+markers",
            "name": plain(label(metric), 24),
            "yaxis": yaxis,
            "line": {"color": colour(place), "width": 2},
            "marker": {"size": 4},
            "hovertemplate": "epoch %{x}: %{y:.5~g}<extra></extra>",
        },
    )


def _rows(summary: Summary, depth: Any) -> list[int]:
    depths = summary["columns"]["depth"]["values"]
    return [row for row in summary["curves"]["rows"] if depths[row] == depth]


def _traces(objective: str, depth: Any, place: int) -> Iterator[Trace]:
    shared = {"type": "scatter", "legendgroup": str(depth), "name": f"depth {depth}"}
    lines = {**shared, "mode": "lines", "showlegend": False}
    each = {"color": translucent(colour(place), 0.22), "width": 1}
    hover = "trial %{customdata}, epoch %{x}: %{y:.5~g}<extra></extra>"
    fill = {"fill": "toself", "fillcolor": translucent(colour(place), 0.13), "hoverinfo": "skip"}
    bold = {"color": colour(place), "width": 2.6}
    median = "median at epoch %{x}: %{y:.5~g}"
    complete = {"depth": depth, "state": "complete"}
    styles: list[tuple[Any, dict[str, Any], dict[str, Any]]] = [
        ("curves", {"depth": depth}, {**lines, "line": each, "hovertemplate": hover}),
        ("band", complete, {**lines, "line": {"width": 0}, **fill}),
        ("median", complete, {**lines, "line": bold, "hovertemplate": median, "showlegend": True}),
    ]
    for kind, where, style in styles:
        yield Trace(kind, y=objective, where=where, group="depth", style=style)


def _sentence(summary: Summary) -> str:
    best, drawn = summary["best"], len(summary["curves"]["rows"])
    if not drawn:
        return "No trial has left a curve."
    total = sum(value is not None for value in summary["columns"]["value"]["values"])
    shown = f"the best {drawn:,} of {total:,} trials" if drawn < total else count(drawn, "trial")
    peak = f"The best trial peaked at epoch {best['epoch']}. " if best and best["epoch"] else ""
    return (
        f"{peak}Thin lines are {shown}, bold ones medians of those that completed, bands "
        "their quartiles; in both, a trial that stopped early keeps its last value."
    )


def _cells(summary: Summary, depth: Any) -> list[str]:
    best = summary["columns"]["best_epoch"]["values"]
    rows = _rows(summary, depth)
    epochs = sorted(best[row] for row in rows if best[row] is not None)
    if not epochs:
        return [str(depth), str(len(rows)), "–", "–", "–"]
    middle = epochs[len(epochs) // 2]
    return [str(depth), *(number(n) for n in (len(rows), middle, epochs[0], epochs[-1]))]
