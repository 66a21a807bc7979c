"""Retrieval measures, each the mean over queries of what the true candidate's rank is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from spaces.errors import InputError

__all__ = [
    "CUTOFFS",
    "GAINS",
    "OBJECTIVES",
    "by_user",
    "check_objectives",
    "measure",
    "mrr",
    "ndcg",
    "top_k_accuracy",
]

Ranks = npt.NDArray[np.int64]
Gains = npt.NDArray[np.float64]

CUTOFFS = (1, 5, 10, 50, 100)


def top_k_accuracy(ranks: Ranks, k: int) -> float:
    """Share of the queries whose true candidate is among the top k; `ranks` (n,) count from 0.

    This is what `tfrs.metrics.FactorizedTopK` reports when it compares candidate ids.
    """
    return float(np.mean(_hits(ranks, k)))


def mrr(ranks: Ranks) -> float:
    """Mean reciprocal rank over all candidates; `ranks` (n,) count from 0."""
    return float(np.mean(_reciprocals(ranks)))


def ndcg(ranks: Ranks, k: int) -> float:
    """Normalised discounted cumulative gain at k for one true candidate a query.

    Jarvelin and Kekalainen (2002); with a single relevant item the ideal gain is 1, so the value
    is the mean of 1 / log2(rank + 2) over the queries ranked below k, `ranks` counting from 0.
    """
    return float(np.mean(_discounted(ranks, k)))


def _hits(ranks: Ranks, k: int) -> Gains:
    return (ranks < k).astype(np.float64)


def _reciprocals(ranks: Ranks) -> Gains:
    return np.asarray(1.0 / (ranks + 1.0))


def _discounted(ranks: Ranks, k: int) -> Gains:
    return np.where(ranks < k, 1.0 / np.log2(ranks + 2.0), 0.0)


GAINS: Mapping[str, Callable[[Ranks], Gains]] = {
    **{f"top_{k}_accuracy": partial(_hits, k=k) for k in CUTOFFS},
    "mrr": _reciprocals,
    "ndcg_10": partial(_discounted, k=10),
}
"""What each query adds to a measure that is a mean over queries: ranks (n,) -> gains (n,)."""

OBJECTIVES: Mapping[str, str] = {**dict.fromkeys((*GAINS, "coverage"), "max"), "loss": "min"}
"""What a study may search for, each with its direction."""


def measure(ranks: Ranks, n_candidates: int) -> dict[str, float]:
    """Every measure that ranks alone decide; cut-offs a catalogue cannot have are left out."""
    return {
        name: float(np.mean(gains(ranks)))
        for name, gains in GAINS.items()
        if _cutoff(name) < n_candidates
    }


def check_objectives(objectives: Iterable[str], n_candidates: int) -> None:
    """Raise `InputError` where a catalogue is too small for an objective's cut-off."""
    for name in objectives:
        if _cutoff(name) >= n_candidates:
            known = ", ".join(known for known in OBJECTIVES if _cutoff(known) < n_candidates)
            raise InputError(
                f"objective: {name} must look at fewer candidates than there are, got a catalogue "
                f"of {n_candidates:,}; choose one of {known}."
            )


def by_user(metric: str, ranks: Ranks, users: Any) -> list[float]:
    """The sum of a measure's gains for each of `users` (n,) that has a query, in their order."""
    numbers = np.unique(users, return_inverse=True)[1]
    return [round(float(gain), 6) for gain in np.bincount(numbers, GAINS[metric](ranks))]


def _cutoff(name: str) -> int:
    digits = "".join(letter for letter in name if letter.isdigit())
    return int(digits or 0)
