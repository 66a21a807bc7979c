"""Ranks of the true candidates among all, from one score matrix made in bounded blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from search.tensorflow import tf

__all__ = ["CollapsedModel", "Ranking", "Seen", "rank"]

_SCORES_A_BLOCK = 1 << 20
_LISTED = 10
_GROUP = 16


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

    @property
    def bounds(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """For each of the n queries, where its user's candidates start and stop."""
        return self.starts[self.users], self.starts[self.users + 1]


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
    scores in the loss. Memory is bounded: at most 2^20 scores, or one query's, exist at a time.
    Raises `CollapsedModel` where all scores of every query are equal, and `FloatingPointError`
    where a score is not finite.
    """
    masked = (
        None if seen is None else (*map(tf.constant, seen.bounds), tf.constant(seen.candidates))
    )
    ranks, better, losses, listed = (
        part.numpy()
        for part in _rank(
            _with_column(queries, tf.ones_like(queries[:, :1])),
            _padded(candidates),
            tf.convert_to_tensor(targets),
            masked,
            tf.constant(temperature),
            tf.constant(_rows(candidates)),
        )
    )
    if not np.isfinite(losses).all():
        raise FloatingPointError("the model's scores are not finite")
    if not any(_differ(queries[rows], candidates) for rows in _blocks(queries, candidates)):
        raise CollapsedModel("the model has collapsed: all candidates have the same score")
    return Ranking(
        ranks=ranks.astype(np.int64),
        better=better.astype(np.int64),
        loss=float(losses.mean(dtype=np.float64)),
        coverage=len(np.unique(listed)) / len(candidates),
    )


def _blocks(queries: Any, candidates: Any) -> Iterator[slice]:
    size = _rows(candidates)
    return (slice(start, start + size) for start in range(0, len(queries), size))


def _rows(candidates: Any) -> int:
    return max(1, _SCORES_A_BLOCK // len(candidates))


def _differ(queries: Any, candidates: Any) -> bool:
    scores = tf.matmul(queries, candidates, transpose_b=True)
    return bool(tf.reduce_any(scores != scores[:, :1]))


def _padded(candidates: Any) -> Any:
    """The candidates in whole groups: a last column of 0, and -inf for those that fill up."""
    spare = -len(candidates) % _GROUP
    real = _with_column(candidates, tf.zeros_like(candidates[:, :1]))
    return tf.concat([real, _with_column(tf.zeros((spare, candidates.shape[1])), -np.inf)], axis=0)


def _with_column(vectors: Any, value: Any) -> Any:
    return tf.concat([vectors, tf.broadcast_to(value, (len(vectors), 1))], axis=1)


@tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
def _rank(
    queries: Any,
    candidates: Any,
    targets: Any,
    masked: tuple[Any, ...] | None,
    temperature: Any,
    size: Any,
) -> list[Any]:
    """Ranks, strictly better candidates, losses and top lists of all queries, block by block."""
    count = -(-tf.shape(queries)[0] // size)
    kinds = (tf.int32, tf.int32, tf.float32, tf.int32)
    parts = [tf.TensorArray(kind, count, infer_shape=False) for kind in kinds]
    for number in tf.range(count):
        rows = slice(number * size, (number + 1) * size)
        scores = tf.matmul(queries[rows], candidates, transpose_b=True)
        target = tf.gather(scores, targets[rows], batch_dims=1)
        if masked is not None:
            first, last, seen = masked
            scores = _without(scores, tf.ragged.range(first[rows], last[rows]), seen)
            own = tf.stack([tf.range(tf.size(target)), targets[rows]], axis=1)
            scores = tf.tensor_scatter_nd_update(scores, own, target)
        found = _rank_block(scores, target, targets[rows], temperature)
        parts = [part.write(number, value) for part, value in zip(parts, found, strict=True)]
    return [part.concat() for part in parts]


def _without(scores: Any, places: Any, seen: Any) -> Any:
    pairs = tf.stack(
        [tf.cast(places.value_rowids(), tf.int32), tf.gather(seen, places.flat_values)], 1
    )
    return tf.tensor_scatter_nd_update(scores, pairs, tf.fill((tf.shape(pairs)[0],), -np.inf))


def _rank_block(scores: Any, target: Any, targets: Any, temperature: Any) -> tuple[Any, ...]:
    own = target[:, tf.newaxis]
    higher, reached = _count(scores > own), _count(scores >= own)
    maxima = tf.reduce_max(tf.reshape(scores, (tf.size(target), -1, _GROUP)), axis=2)
    highest = tf.reduce_max(maxima, axis=1, keepdims=True)
    total = tf.reduce_sum(tf.exp((scores - highest) / temperature), axis=1)
    loss = tf.math.log(total) + (highest[:, 0] - target) / temperature
    ahead = tf.cond(
        tf.reduce_any(reached > higher + 1),
        lambda: _count((scores == own) & (tf.range(tf.shape(scores)[1]) < targets[:, tf.newaxis])),
        lambda: tf.zeros_like(higher),
    )
    return higher + ahead, higher, loss, _top(scores, maxima, targets)


def _top(scores: Any, maxima: Any, targets: Any) -> Any:
    """The places of each row's highest scores: they lie in the groups of the highest maxima."""
    rows, groups = tf.shape(maxima)[0], tf.shape(maxima)[1]
    best = tf.math.top_k(maxima, tf.minimum(_LISTED, groups), sorted=False).indices
    flat = tf.reshape(best + groups * tf.range(rows)[:, tf.newaxis], (-1,))
    within = tf.reshape(tf.gather(tf.reshape(scores, (-1, _GROUP)), flat), (rows, -1))
    top = tf.math.top_k(within, tf.minimum(_LISTED, tf.shape(within)[1]), sorted=False)
    places = tf.gather(best, top.indices // _GROUP, batch_dims=1) * _GROUP + top.indices % _GROUP
    # Where fewer remain than are listed, all of them are, the target among them.
    return tf.where(tf.math.is_inf(top.values), targets[:, tf.newaxis], places)


def _count(mask: Any) -> Any:
    return tf.reduce_sum(tf.cast(mask, tf.int32), axis=1)
