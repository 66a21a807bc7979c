"""Implicit matrix factorisation by alternating least squares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from search.baselines.fold import Fold, Scores

__all__ = ["implicit_als"]

_FACTORS, _ROUNDS = 64, 8
_ROWS_AT_ONCE = 512


def implicit_als(fold: Fold) -> Callable[[float, float], Scores]:
    """Hu et al., "Collaborative filtering for implicit feedback datasets" (ICDM 2008).

    A taken pair should score 1 and weighs 1, every pair should score 0 and weighs `unobserved`. As
    in Rendle et al., "Revisiting the performance of iALS on item recommendation benchmarks" (RecSys
    2022), the penalty of a row of factors is `l2` times the weights in its sum.
    """
    taken = fold.matrix
    by_candidate = taken.T.tocsr()

    def scores(unobserved: float, l2: float) -> Scores:
        rng = np.random.default_rng(0)
        candidates = rng.normal(0.0, 0.1 / np.sqrt(_FACTORS), (taken.shape[1], _FACTORS))
        candidates = candidates.astype(np.float32)  # twice as fast as in double precision
        for _ in range(_ROUNDS):
            users = _solved(taken, candidates, unobserved, l2)
            candidates = _solved(by_candidate, users, unobserved, l2)
        return np.asarray(users @ candidates.T, np.float32)

    return scores


def _solved(taken: Any, others: Any, unobserved: float, l2: float) -> Any:
    """The best factors of each row of `taken` while those of its columns stay."""
    everywhere = np.float32(unobserved) * (others.T @ others)
    identity = np.eye(others.shape[1], dtype=np.float32)
    factors = np.zeros((taken.shape[0], others.shape[1]), np.float32)
    for rows, columns in _alike(taken):
        penalty = np.float32(l2 * (columns.shape[1] + unobserved * len(others)))
        factors[rows] = _least(everywhere + penalty * identity, others[columns])
    return factors


def _least(shared: Any, own: Any) -> Any:
    """(shared + own'own)^-1 own'1 for `own` (m, number, factors), by the smaller of two systems.

    With fewer taken than factors, Woodbury's identity makes it shared^-1 own' (I + own shared^-1
    own')^-1 1.
    """
    number, factors = own.shape[1:]
    if number >= factors:
        left = shared + own.transpose(0, 2, 1) @ own
        return np.linalg.solve(left, own.sum(axis=1)[..., np.newaxis])[..., 0]
    spread = own @ np.linalg.inv(shared)
    inner = spread @ own.transpose(0, 2, 1) + np.eye(number, dtype=np.float32)
    shares = np.linalg.solve(inner, np.ones((len(own), number, 1), np.float32))
    return (spread.transpose(0, 2, 1) @ shares)[..., 0]


def _alike(taken: Any) -> Iterator[tuple[Any, Any]]:
    """Rows (m,) that took equally many, at most 512, and what they took (m, number)."""
    lengths = np.diff(taken.indptr)
    for length in np.unique(lengths[lengths > 0]):
        alike = np.flatnonzero(lengths == length)
        for start in range(0, len(alike), _ROWS_AT_ONCE):
            rows = alike[start : start + _ROWS_AT_ONCE]
            yield rows, taken.indices[taken.indptr[rows, np.newaxis] + np.arange(length)]
