"""A filter in the served model: a user is not given what the user has had in training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from search.data.schema import Array
from search.tensorflow import tf

__all__ = ["SeenFilter"]


class SeenFilter(tf.Module):  # type: ignore[misc]
    """Takes the training candidates of a query's user out of its answer.

    `users` (n,) are the training interactions' raw users, str, and `rows` (n,) their candidates;
    the served model's input `name` holds a query's user. A missing user has had nothing.
    """

    def __init__(
        self, name: str, users: Array, rows: npt.NDArray[np.int32], n_candidates: int
    ) -> None:
        super().__init__()
        self._name, self._size = name, n_candidates
        codes, known = pd.factorize(users)
        named = np.flatnonzero(known != "")
        pairs = np.unique(codes.astype(np.int64) * n_candidates + rows)
        pairs = pairs[np.isin(pairs // n_candidates, named)]
        self.most = int(np.bincount(pairs // n_candidates, minlength=1).max(initial=0))
        self._pairs = tf.Variable(np.append(pairs, -1), trainable=False)
        self._users = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(
                tf.constant(known.astype(object), tf.string),
                tf.range(len(known), dtype=tf.int64),
            ),
            default_value=-1,
        )

    def __call__(self, raw: Mapping[str, Any], scores: Any, rows: Any, k: int) -> tuple[Any, Any]:
        """The best k of the scores and rows (n, m) that the users have not had: (n, k)."""
        users = self._users.lookup(raw[self._name])[:, tf.newaxis]
        pairs = users * self._size + tf.cast(rows, tf.int64)
        found = tf.searchsorted(self._pairs[:-1], tf.reshape(pairs, [-1]))
        had = tf.gather(self._pairs, tf.reshape(found, tf.shape(pairs))) == pairs
        kept = tf.where(had & (users >= 0), -np.inf, scores)
        best = tf.math.top_k(kept, k=min(k, kept.shape[1]))
        return best.values, tf.gather(rows, best.indices, batch_dims=1)
