"""What n tries find at best, depth by depth, so that depths are compared at equal effort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from reports.columns import Column, five_digits
from search.records import ENDED

__all__ = ["ENOUGH", "Tries", "expected_best", "tries"]

ENOUGH = 6  # trials of a depth from which its curve is told
_MOST = 100
_DRAWS = 2_000

Floats = npt.NDArray[np.float64]


class Tries(TypedDict):
    """The expected best of 1, 2, ... tries at a depth, with 95% intervals; told from n trials."""

    depth: int | str
    n: int
    best: list[float]
    low: list[float]
    high: list[float]


def tries(table: Mapping[str, Column], depths: Sequence[int | str]) -> list[Tries]:
    """The curves of the depths that have trials enough.

    A pruned trial counts with the value that it had reached; one that failed, or that breaks a
    constraint, as the worst of its depth.
    """
    sign = -1.0 if table["value"]["lower"] else 1.0
    found: list[Tries] = []
    for depth in depths:
        values = _values(table, depth, sign)
        if len(values) >= ENOUGH:
            best, *ends = (_listed(sign * curve) for curve in expected_best(values))
            low, high = ends if sign > 0 else ends[::-1]
            found.append(Tries(depth=depth, n=len(values), best=best, low=low, high=high))
    return found


def expected_best(values: Floats) -> tuple[Floats, Floats, Floats]:
    """The expected largest of k of the values (n,), for k = 1, 2, ... to n / 2, and its interval.

    Dodge et al. (2019), "Show your work: improved reporting of experimental results", without
    replacement, which takes out the bias (Tang et al. 2020, "Showing your work doesn't always
    work"). The interval is from 2,000 resamples of the values. No resample has a larger value than
    the largest, so the upper end is at least as far away as the lower.
    """
    n = len(values)
    weights = _weights(n, min(n // 2, _MOST))
    best = np.sort(values) @ weights
    rng = np.random.default_rng(0)
    drawn = np.sort(values[rng.integers(0, n, (_DRAWS, n))], axis=1) @ weights
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return best, low, np.maximum(high, 2 * best - low)


def _weights(n: int, most: int) -> Floats:
    """The chance (n, most) that of k of n values, drawn together, the i-th least is the largest."""
    columns = [np.full(n, 1 / n)]
    below = np.arange(n)
    for k in range(2, most + 1):
        columns.append(columns[-1] * (below - k + 2) / (k - 1) * k / (n - k + 1))
    return np.asarray(np.maximum(np.stack(columns, axis=1), 0.0))


def _values(table: Mapping[str, Column], depth: int | str, sign: float) -> Floats:
    """What the ended trials of a depth are worth, more being better."""
    rows = [
        row
        for row, state in enumerate(table["state"]["values"])
        if state in ENDED and table["depth"]["values"][row] == depth
    ]
    worth = {row: _worth(table, row, sign) for row in rows}
    known = [value for value in worth.values() if value is not None]
    return np.array([min(known) if v is None else v for v in worth.values()] if known else [])


def _worth(table: Mapping[str, Column], row: int, sign: float) -> float | None:
    value, state = table["value"]["values"][row], table["state"]["values"][row]
    if value is None or state == "failed" or not table["feasible"]["values"][row]:
        return None
    return sign * float(value)


def _listed(curve: Floats) -> list[float]:
    return [five_digits(float(value)) for value in curve]
