"""The few statistics that a report states, in closed form so that every run says the same."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = [
    "NORMAL",
    "accuracy_error",
    "quantile",
    "rank_correlation",
    "rank_correlation_interval",
]

NORMAL = 1.959964  # standard errors in half of a 95% interval


def quantile(ordered: Sequence[float], share: float) -> float:
    """The quantile of values in rising order, by Hazen's rule, which is plotly's box as well."""
    place = min(max(share * len(ordered) - 0.5, 0.0), len(ordered) - 1.0)
    low, high = math.floor(place), math.ceil(place)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def rank_correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Spearman's correlation, ties sharing their mean rank; None where either side is constant."""
    a, b = _centred_ranks(xs), _centred_ranks(ys)
    scale = math.sqrt(sum(u * u for u in a) * sum(v * v for v in b))
    return sum(u * v for u, v in zip(a, b, strict=True)) / scale if scale else None


def rank_correlation_interval(correlation: float, n: int) -> tuple[float, float]:
    """The 95% interval of Spearman's correlation of n > 3 pairs.

    Fisher's transform with the variance (1 + r^2 / 2) / (n - 3) of Bonett and Wright (2000),
    "Sample size requirements for estimating Pearson, Kendall and Spearman correlations".
    """
    centre = math.atanh(min(max(correlation, -0.999999), 0.999999))
    half = NORMAL * math.sqrt((1 + correlation**2 / 2) / (n - 3))
    return math.tanh(centre - half), math.tanh(centre + half)


def accuracy_error(accuracy: float, n: int | None) -> float | None:
    """The binomial standard error of a share of n queries, as if they were independent.

    None where the share is 0 or 1, which leaves it unknown, and where n is.
    """
    return math.sqrt(accuracy * (1 - accuracy) / n) if n and 0 < accuracy < 1 else None


def _centred_ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks, start = [0.0] * len(values), 0
    while start < len(order):
        stop = start
        while stop < len(order) and values[order[stop]] == values[order[start]]:
            stop += 1
        for index in order[start:stop]:
            ranks[index] = (start + stop - 1) / 2 - (len(order) - 1) / 2
        start = stop
    return ranks
