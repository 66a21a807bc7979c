"""The expected best of n tries at each depth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reports.figures.chart import Chart, Trace
from reports.figures.parts import axis, baselines, value_axis
from reports.figures.theme import colour, translucent
from reports.summarize import Summary
from reports.tries import ENOUGH, Tries
from reports.wording import label, number

__all__ = ["chart"]


def chart(summary: Summary) -> Chart:
    """A curve a depth over the band of its interval, as far as half of the depth's trials."""
    base = ("best-of-n", "Best of n tries")
    curves = summary["tries"]
    if not curves:
        return Chart(*base, _notice(summary))
    places = [row["depth"] for row in summary["depths"]]
    return Chart(
        *base,
        _sentence(summary, curves),
        traces=[trace for each in curves for trace in _traces(each, places.index(each["depth"]))],
        layout={
            "xaxis": axis("tries at a depth", rangemode="tozero"),
            "yaxis": value_axis(summary),
            **baselines(summary),
            "dragmode": False,
        },
        header=("depth", "trials", "tries", "expected best", "95% interval"),
        table=[cells for each in curves for cells in _cells(each, _common(curves))],
    )


def _notice(summary: Summary) -> str:
    most = max((row["n"] + row["pruned"] + row["failed"] for row in summary["depths"]), default=0)
    return (
        f"What n tries find is told from {ENOUGH} trials of a depth on; no depth has more than "
        f"{most:,}."
    )


def _traces(each: Tries, place: int) -> Iterator[Trace]:
    numbers = list(range(1, 1 + len(each["best"])))
    shared = {"type": "scatter", "name": f"depth {each['depth']}"}
    band = {
        "x": numbers + numbers[::-1],
        "y": each["high"] + each["low"][::-1],
        "mode": "lines",
        "line": {"width": 0},
        "fill": "toself",
        "fillcolor": translucent(colour(place), 0.13),
        "hoverinfo": "skip",
        "showlegend": False,
    }
    line = {
        "x": numbers,
        "y": each["best"],
        "mode": "lines+markers",
        "line": {"color": colour(place), "width": 2.6},
        "marker": {"size": 5},
        "hovertemplate": "of %{x} tries: %{y:.5~g}",
    }
    for style in (band, line):
        yield Trace("fixed", where={"depth": each["depth"]}, style={**shared, **style})


def _sentence(summary: Summary, curves: Sequence[Tries]) -> str:
    n = _common(curves)
    told = [
        f"{number(each['best'][n - 1])} at depth {each['depth']} ({_span(each, n)})"
        for each in curves
    ]
    return (
        f"Expected best {label(summary['objective'])} of {n:,} tries at one depth: "
        f"{', '.join(told)}. In brackets and as bands 95% intervals, as if trials were independent "
        "draws, which a tuner's are not quite; a pruned trial counts with what it had reached, a "
        "failed one as its depth's worst. Curves end at half of a depth's trials and keep to all "
        "of them, whichever are chosen."
    )


def _common(curves: Sequence[Tries]) -> int:
    """The most tries that every curve tells of."""
    return min(len(each["best"]) for each in curves)


def _cells(each: Tries, common: int) -> Iterator[list[Any]]:
    """A curve at 1, 2, 4, ... tries, at its last, and where all curves can be compared."""
    last = len(each["best"])
    told = {2**power for power in range(last.bit_length())} | {common, last}
    for n in sorted(told):
        yield [
            str(each["depth"]),
            f"{each['n']:,}",
            f"{n:,}",
            number(each["best"][n - 1]),
            _span(each, n),
        ]


def _span(each: Tries, n: int) -> str:
    return f"{number(each['low'][n - 1], 3)} to {number(each['high'][n - 1], 3)}"
