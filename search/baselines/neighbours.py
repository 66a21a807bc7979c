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
    larger by `shrink`; a candidate scores the sum over its `neighbours` most similar, and those as
    similar as the last of them, that the user took.
    """
    taken = fold.matrix
    together = (taken.T @ taken).tocsr()
    norms = np.sqrt(together.diagonal())

    def nearest(rows: slice, shrink: float, neighbours: int) -> Any:
        similar = together[rows].toarray()
        similar /= np.maximum(np.outer(norms[rows], norms) + np.float32(shrink), 1e-9)
        similar[np.arange(len(similar)), np.arange(len(norms))[rows]] = 0.0
        if neighbours < len(norms):
            least = tf.math.top_k(similar, neighbours).values[:, -1:].numpy()
            similar[similar < least] = 0.0
        return sparse.csr_matrix(similar)

    def scores(shrink: float, neighbours: int) -> Scores:
        starts = range(0, len(norms), _ROWS_A_BLOCK)
        blocks = [nearest(slice(s, s + _ROWS_A_BLOCK), shrink, neighbours) for s in starts]
        return np.asarray((taken @ sparse.vstack(blocks).T).toarray(), np.float32)

    return scores
