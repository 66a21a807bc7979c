"""Ranks of the true candidates among all, from one score matrix made in bounded blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from search.tensorflow import tf

__all__ = ["CollapsedModel", "Ranking", "Seen", "rank"]

_SCORES_A_BLOCK = 1 << 24
_LISTED = 10


class CollapsedModel(RuntimeError):
    """The model gives every candidate the same score, so that ranks would be positions."""


@dataclass(frozen=True)
class Seen:
    """The candidates each query's user has in training, in compressed rows.

    User u of `users` (n,) has the candidates `candidates[starts[u]:starts[u + 1]]`.
    """

    users: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    candidates: npt.NDArray[np.int32]

    @classmethod
    def of(cls, users: Any, train_users: Any, train_candidates: Any) -> Seen:
        """Collect the distinct training candidates of each user, for the users of n queries."""
        pairs = np.unique(np.stack([train_users, train_candidates], axis=1), axis=0)
        starts = np.searchsorted(pairs[:, 0], np.arange(max(users.max(), pairs[-1, 0]) + 2))
        return cls(users, starts, pairs[:, 1].astype(np.int32))

    def pairs(self, rows: slice) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """The seen pairs of a block of queries: the row within the block, and the candidate."""
        first, last = self.starts[self.users[rows]], self.starts[self.users[rows] + 1]
        lengths = last - first
        within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        places = np.repeat(first, lengths) + within
        return np.repeat(np.arange(len(lengths)), lengths), self.candidates[places]


@dataclass(frozen=True)
class Ranking:
    """How n queries ranked their true candidates.

    `ranks` (n,) count the candidates ahead of the true one, ties by position as in
    `tf.math.top_k`; `better` (n,) only those with a higher score; `loss` is the mean softmax
    cross-entropy over all candidates; `coverage` the share of candidates in some query's top 10.
    """

    ranks: npt.NDArray[np.int64]
    better: npt.NDArray[np.int64]
    loss: float
    coverage: float


def rank(
    queries: Any,
    candidates: Any,
    targets: Any,
    *,
    seen: Seen | None = None,
    temperature: float = 1.0,
) -> Ranking:
    """Rank each query's target among all candidates by the dot product.

    `queries` is float32 (n, d), `candidates` float32 (c, d), `targets` int32 (n,). With `seen`, a
    query's training candidates other than its target are taken out. `temperature` divides the
    scores in the loss. Memory is bounded: at most 2^24 scores exist at a time. Raises
    `CollapsedModel` where all scores of every query are equal, and `FloatingPointError` where a
    score is not finite.
    """
    blocks = [
        _rank_block(
            queries[rows], candidates, targets[rows], *_mask(seen, rows), tf.constant(temperature)
        )
        for rows in _blocks(len(targets), len(candidates))
    ]
    ranks, better, losses, spreads, listed = (
        np.concatenate(part) for part in zip(*blocks, strict=True)
    )
    if not np.isfinite(losses).all():
        raise FloatingPointError("the model's scores are not finite")
    if not spreads.any():
        raise CollapsedModel("the model has collapsed: all candidates have the same score")
    return Ranking(
        ranks=ranks.astype(np.int64),
        better=better.astype(np.int64),
        loss=float(losses.mean(dtype=np.float64)),
        coverage=len(np.unique(listed)) / len(candidates),
    )


def _blocks(n: int, n_candidates: int) -> Iterator[slice]:
    size = max(1, min(n, _SCORES_A_BLOCK // n_candidates))
    return (slice(start, start + size) for start in range(0, n, size))


def _mask(seen: Seen | None, rows: slice) -> tuple[Any, Any]:
    if seen is None:
        return tf.zeros((0,), tf.int32), tf.zeros((0,), tf.int32)
    row, candidate = seen.pairs(rows)
    return tf.constant(row, tf.int32), tf.constant(candidate, tf.int32)


def _rank_block(*arguments: Any) -> tuple[Any, ...]:
    return tuple(np.asarray(value).reshape(-1) for value in _rank_scores(*arguments))


@tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
def _rank_scores(
    queries: Any,
    candidates: Any,
    targets: Any,
    masked_rows: Any,
    masked_candidates: Any,
    temperature: Any,
) -> tuple[Any, ...]:
    scores = tf.matmul(queries, candidates, transpose_b=True)
    spread = tf.reduce_max(scores, axis=1) > tf.reduce_min(scores, axis=1)
    target = tf.gather(scores, targets, batch_dims=1)
    if tf.size(masked_rows) > 0:
        places = tf.stack([masked_rows, masked_candidates], axis=1)
        scores = tf.tensor_scatter_nd_update(
            scores, places, tf.fill(tf.shape(masked_rows), -np.inf)
        )
        own = tf.stack([tf.range(tf.size(targets)), targets], axis=1)
        scores = tf.tensor_scatter_nd_update(scores, own, target)
    position = tf.range(tf.shape(candidates)[0])
    higher = _count(scores > target[:, tf.newaxis])
    tied = (scores == target[:, tf.newaxis]) & (position < targets[:, tf.newaxis])
    loss = tf.reduce_logsumexp(scores / temperature, axis=1) - target / temperature
    top = tf.math.top_k(scores, k=tf.minimum(_LISTED, tf.shape(candidates)[0]))
    # Where fewer remain than are listed, all of them are, the target among them.
    listed = tf.where(tf.math.is_inf(top.values), targets[:, tf.newaxis], top.indices)
    return higher + _count(tied), higher, loss, spread, listed


def _count(mask: Any) -> Any:
    return tf.math.count_nonzero(mask, axis=1, dtype=tf.int32)
