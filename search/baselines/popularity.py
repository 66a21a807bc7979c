"""Lists that know nothing of who asks: random, most popular, most popular of late."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from search.baselines.fold import Fold, Scores

__all__ = ["most_popular", "most_popular_of_late", "random_order"]


def random_order(fold: Fold) -> Callable[[], Scores]:
    """A random order of the candidates for each user."""
    rng = np.random.default_rng(0)
    return lambda: rng.random(fold.matrix.shape, dtype=np.float32)


def most_popular(fold: Fold) -> Callable[[], Scores]:
    """The candidates in the order of how often they occur in training, for everyone."""
    return lambda: np.broadcast_to(fold.popularity, fold.matrix.shape)


def most_popular_of_late(fold: Fold) -> Callable[[float], Scores]:
    """The order by how often candidates occur in the last `share` of the training rows by time."""
    data = fold.data
    assert data.times is not None
    latest = fold.train[np.argsort(-data.times[fold.train], kind="stable")]

    def scores(share: float) -> Scores:
        rows = latest[: max(1, round(len(latest) * share))]
        counts = np.bincount(data.positives[rows], minlength=data.n_candidates)
        return np.broadcast_to(counts.astype(np.float32), fold.matrix.shape)

    return scores
