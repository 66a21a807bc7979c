"""The interval of a measure over users, by resampling them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["interval"]

_RESAMPLES = 500


def interval(
    ranks: npt.NDArray[np.int64], users: Any, measure: Callable[[npt.NDArray[np.int64]], float]
) -> tuple[float, float]:
    """The middle 95% of the measure over 500 resamples of the users; `ranks`, `users` are (n,).

    A user is drawn with all of the user's queries, which are not independent of each other.
    """
    order = np.argsort(users, kind="stable")
    pieces = np.split(ranks[order], np.flatnonzero(np.diff(np.asarray(users)[order])) + 1)
    random = np.random.default_rng(0)
    values = []
    for _ in range(_RESAMPLES):
        drawn = random.integers(len(pieces), size=len(pieces))
        values.append(measure(np.concatenate([pieces[n] for n in drawn])))
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
