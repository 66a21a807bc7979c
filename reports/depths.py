"""What the trials of each depth reached, and whether deeper was better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TypedDict

from reports.columns import Column, completed, depth_key, five_digits, ranked
from reports.statistics import quantile, rank_correlation, rank_correlation_interval

__all__ = ["Deeper", "DepthRow", "deeper", "depth_rows"]


class DepthRow(TypedDict):
    """The completed trials of one depth."""

    depth: int | str
    n: int
    pruned: int
    failed: int
    best: float | None
    trial: int | None
    median: float | None
    quartiles: tuple[float, float] | None


class Deeper(TypedDict):
    """How depth goes with the objective over n completed trials: above zero, deeper is better."""

    n: int
    correlation: float
    low: float
    high: float


def depth_rows(table: Mapping[str, Column]) -> list[DepthRow]:
    """One row a depth, the shallowest first."""
    found = {depth for depth in table["depth"]["values"] if depth is not None}
    return [_row(table, depth) for depth in sorted(found, key=depth_key)]


def deeper(table: Mapping[str, Column]) -> Deeper | None:
    """How depth goes with the objective; None of fewer than ten trials, or of one depth."""
    depths, values = table["depth"]["values"], table["value"]["values"]
    rows = [row for row in completed(table) if depths[row] is not None]
    sign = -1 if table["value"]["lower"] else 1
    layers = [depth_key(depths[row])[0] for row in rows]
    correlation = rank_correlation(layers, [sign * values[row] for row in rows])
    if correlation is None or len(rows) < 10:
        return None
    low, high = rank_correlation_interval(correlation, len(rows))
    return {
        "n": len(rows),
        "correlation": five_digits(correlation),
        "low": five_digits(low),
        "high": five_digits(high),
    }


def _row(table: Mapping[str, Column], depth: int | str) -> DepthRow:
    rows = [r for r, d in enumerate(table["depth"]["values"]) if d == depth]
    states = Counter(table["state"]["values"][row] for row in rows)
    inside = {*rows}
    best = [row for row in ranked(table, completed(table)) if row in inside]
    values = sorted(table["value"]["values"][row] for row in best)
    return {
        "depth": depth,
        "n": len(best),
        "pruned": states["pruned"],
        "failed": states["failed"],
        "best": table["value"]["values"][best[0]] if best else None,
        "trial": table["number"]["values"][best[0]] if best else None,
        "median": five_digits(quantile(values, 0.5)) if values else None,
        "quartiles": (five_digits(quantile(values, 0.25)), five_digits(quantile(values, 0.75)))
        if values
        else None,
    }
