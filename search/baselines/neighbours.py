"""Item-based nearest neighbours: candidates like those that the user took."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse

from search.baselines.fold import Fold, Scores
from search.tensorflow import tf

__all__ = ["item_knn"]

_ROWS_A_BLOCK = 1_024


def item_knn(fold: Fold) -> Callable[[float, int], Scores]:
    """Sarwar et al., "Item-based collaborative filtering recommendation algorithms" (WWW 2001).

    Two candidates are as similar as the cosine of the users who took them, the norms' product
    larger by `shrink`; a candidate scores the sum over its `neighbours` most similar, the first of
    those that are level, that the user took.
    """
    taken = fold.matrix
    together = (taken.T @ taken).tocsr()
    norms = np.sqrt(together.diagonal())

    def nearest(rows: slice, shrink: float, neighbours: int) -> Any:
        similar = together[rows]
        own = np.repeat(np.arange(len(norms))[rows], np.diff(similar.indptr))
        similar.data /= norms[own] * norms[similar.indices] + np.float32(shrink)
        similar.data[own == similar.indices] = 0.0
        top = tf.math.top_k(similar.toarray(), min(neighbours, len(norms)))
        starts = np.arange(len(top.values) + 1) * top.values.shape[1]
        parts = (np.ravel(top.values), np.ravel(top.indices), starts)
        return sparse.csr_matrix(parts, similar.shape)

    def scores(shrink: float, neighbours: int) -> Scores:
        starts = range(0, len(norms), _ROWS_A_BLOCK)
        blocks = [nearest(slice(s, s + _ROWS_A_BLOCK), shrink, neighbours) for s in starts]
        return np.asarray((taken @ sparse.vstack(blocks).T).toarray(), np.float32)

    return scores
