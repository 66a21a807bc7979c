"""Retrieval measures, each computed from the ranks of the true candidates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import numpy as np
import numpy.typing as npt

from spaces.errors import InputError

__all__ = ["CUTOFFS", "OBJECTIVES", "check_objectives", "measure", "mrr", "ndcg", "top_k_accuracy"]

Ranks = npt.NDArray[np.int64]

CUTOFFS = (1, 5, 10, 50, 100)


def top_k_accuracy(ranks: Ranks, k: int) -> float:
    """Share of the queries whose true candidate is among the top k; `ranks` (n,) count from 0.

    This is what `tfrs.metrics.FactorizedTopK` reports when it compares candidate ids.
    """
    return float(np.mean(ranks < k))


def mrr(ranks: Ranks) -> float:
    """Mean reciprocal rank over all candidates; `ranks` (n,) count from 0."""
    return float(np.mean(1.0 / (ranks + 1.0)))


def ndcg(ranks: Ranks, k: int) -> float:
    """Normalised discounted cumulative gain at k for one true candidate a query.

    Jarvelin and Kekalainen (2002); with a single relevant item the ideal gain is 1, so the value
    is the mean of 1 / log2(rank + 2) over the queries ranked below k, `ranks` counting from 0.
    """
    return float(np.mean(np.where(ranks < k, 1.0 / np.log2(ranks + 2.0), 0.0)))


_FROM_RANKS: Mapping[str, Callable[[Ranks], float]] = {
    **{f"top_{k}_accuracy": partial(top_k_accuracy, k=k) for k in CUTOFFS},
    "mrr": mrr,
    "ndcg_10": partial(ndcg, k=10),
}

OBJECTIVES: Mapping[str, str] = {**dict.fromkeys((*_FROM_RANKS, "coverage"), "max"), "loss": "min"}
"""What a study may search for, each with its direction."""


def measure(ranks: Ranks, n_candidates: int) -> dict[str, float]:
    """Every measure that ranks alone decide; cut-offs a catalogue cannot have are left out."""
    return {
        name: value(ranks) for name, value in _FROM_RANKS.items() if _cutoff(name) < n_candidates
    }


def check_objectives(objectives: Iterable[str], n_candidates: int) -> None:
    """Raise `InputError` where a catalogue is too small for an objective's cut-off."""
    for name in objectives:
        if _cutoff(name) >= n_candidates:
            known = ", ".join(known for known in OBJECTIVES if _cutoff(known) < n_candidates)
            raise InputError(
                f"objective: {name} must look at fewer candidates than there are, got a catalogue "
                f"of {n_candidates}; choose one of {known}."
            )


def _cutoff(name: str) -> int:
    digits = "".join(letter for letter in name if letter.isdigit())
    return int(digits or 0)
