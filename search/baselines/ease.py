"""EASE: the linear model that predicts each candidate of a user from all others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from search.baselines.fold import Fold, Scores

__all__ = ["ease"]

_LEAST = 1e-6  # of an eigenvalue that is not a rounding error


def ease(fold: Fold) -> Callable[[float], Scores]:
    """Steck, "Embarrassingly shallow autoencoders for sparse data" (WWW 2019).

    With X of users and candidates and P = (X'X + `l2` I)^-1, the scores are X - X P / diag(P). A
    singular value decomposition X = U S V' gives both X P and diag(P) for any `l2`.
    """
    taken = fold.matrix.astype(np.float64)
    left, right, squares = _decomposed(taken)

    def scores(l2: float) -> Scores:
        shares = right / (squares + l2)[:, np.newaxis]
        diagonal = (1.0 - np.sum(right * shares, axis=0)) / l2
        return np.asarray(taken - (left @ shares) / diagonal, np.float32)

    return scores


def _decomposed(taken: Any) -> tuple[Any, Any, Any]:
    """U, S V' and S^2 of a sparse matrix, from the smaller of its two Gram matrices."""
    if taken.shape[0] <= taken.shape[1]:
        squares, left = np.linalg.eigh((taken @ taken.T).toarray())
        return left, (taken.T @ left).T, squares
    squares, right = np.linalg.eigh((taken.T @ taken).toarray())
    kept = squares > _LEAST
    roots = np.sqrt(squares[kept])
    return (
        (taken @ right[:, kept]) / roots,
        right[:, kept].T * roots[:, np.newaxis],
        squares[kept],
    )
