"""Ranks of the true candidates among all, from one score matrix made in bounded blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from search.tensorflow import tf

__all__ = ["CollapsedModel", "Ranking", "Seen", "rank"]

_SCORES_A_BLOCK = 1 << 20
_LISTED = 10

Given = tuple[Any, Any, Any, tuple[Any, ...]]  # queries, candidates, targets, the masked


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
    cross-entropy over all candidates; `coverage` the share of candidates in some listed query's
    top 10.
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
    listed: Any = None,
    seen: Seen | None = None,
    temperature: float = 1.0,
) -> Ranking:
    """Rank each query's target among all candidates by the dot product.

    `queries` is float32 (n, d), `candidates` float32 (c, d), `targets` int32 (n,); `listed` are the
    places of the queries whose top 10 make the coverage, by default all n. With `seen`, a query's
    training candidates other than its target are taken out. `temperature` divides the scores in
    the loss. Memory is bounded: scores exist in blocks of at most 2^20, or one query's, a few
    blocks at a time. Raises `CollapsedModel` where all scores of every query are equal, and
    `FloatingPointError` where a score is not finite.
    """
    masked = () if seen is None else (*seen.bounds, seen.candidates)
    given = tf.nest.map_structure(tf.convert_to_tensor, (queries, candidates, targets, masked))
    rows, size = tf.range(len(targets)), tf.constant(_rows(candidates))
    found = _rank(given, rows, size, tf.constant(temperature))
    ranks, better, losses = (part.numpy() for part in found)
    if not np.isfinite(losses).all():
        raise FloatingPointError("the model's scores are not finite")
    if not any(_differ(queries[block], candidates) for block in _blocks(queries, candidates)):
        raise CollapsedModel("the model has collapsed: all candidates have the same score")
    top = _top(given, rows if listed is None else tf.constant(listed), size).numpy()
    return Ranking(
        ranks=ranks.astype(np.int64),
        better=better.astype(np.int64),
        loss=float(losses.mean(dtype=np.float64)),
        coverage=len(np.unique(top)) / len(candidates),
    )


def _blocks(queries: Any, candidates: Any) -> Iterator[slice]:
    size = _rows(candidates)
    return (slice(start, start + size) for start in range(0, len(queries), size))


def _rows(candidates: Any) -> int:
    return max(1, _SCORES_A_BLOCK // len(candidates))


def _differ(queries: Any, candidates: Any) -> bool:
    scores = tf.matmul(queries, candidates, transpose_b=True)
    return bool(tf.reduce_any(scores != scores[:, :1]))


@tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
def _rank(given: Given, rows: Any, size: Any, temperature: Any) -> list[Any]:
    """Ranks, strictly better candidates and losses of some of the queries."""
    kinds = (tf.int32, tf.int32, tf.float32)
    return _by_block(given, rows, size, kinds, partial(_rank_block, temperature))


@tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
def _top(given: Given, rows: Any, size: Any) -> Any:
    """The places of the highest scores of some of the queries."""
    return _by_block(given, rows, size, (tf.int32,), _top_block)[0]


def _by_block(given: Given, rows: Any, size: Any, kinds: Any, of_block: Any) -> list[Any]:
    count = -(-tf.size(rows) // size)
    parts = [tf.TensorArray(kind, count, infer_shape=False) for kind in kinds]
    for number in tf.range(count):
        found = of_block(*_scored(given, rows[number * size : (number + 1) * size]))
        parts = [part.write(number, value) for part, value in zip(parts, found, strict=True)]
    return [part.concat() for part in parts]


def _scored(given: Given, rows: Any) -> tuple[Any, Any, Any]:
    """The scores of all candidates for some of the queries, those of the targets, the targets."""
    queries, candidates, targets, masked = given
    targets = tf.gather(targets, rows)
    scores = tf.matmul(tf.gather(queries, rows), candidates, transpose_b=True)
    own = tf.gather(scores, targets, batch_dims=1)
    if masked:
        first, last, seen = masked
        places = tf.ragged.range(tf.gather(first, rows), tf.gather(last, rows))
        scores = _without(scores, places, seen)
        kept = tf.stack([tf.range(tf.size(rows)), targets], axis=1)
        scores = tf.tensor_scatter_nd_update(scores, kept, own)
    return scores, own, targets


def _without(scores: Any, places: Any, seen: Any) -> Any:
    pairs = tf.stack(
        [tf.cast(places.value_rowids(), tf.int32), tf.gather(seen, places.flat_values)], 1
    )
    return tf.tensor_scatter_nd_update(scores, pairs, tf.fill((tf.shape(pairs)[0],), -np.inf))


def _rank_block(temperature: Any, scores: Any, target: Any, targets: Any) -> tuple[Any, ...]:
    own = target[:, tf.newaxis]
    higher, reached = _count(scores > own), _count(scores >= own)
    highest = tf.reduce_max(scores, axis=1, keepdims=True)
    total = tf.reduce_sum(tf.exp((scores - highest) / temperature), axis=1)
    loss = tf.math.log(total) + (highest[:, 0] - target) / temperature
    ahead = tf.cond(
        tf.reduce_any(reached > higher + 1),
        lambda: _count((scores == own) & (tf.range(tf.shape(scores)[1]) < targets[:, tf.newaxis])),
        lambda: tf.zeros_like(higher),
    )
    return higher + ahead, higher, loss


def _top_block(scores: Any, _: Any, targets: Any) -> tuple[Any]:
    top = tf.math.top_k(scores, tf.minimum(_LISTED, tf.shape(scores)[1]), sorted=False)
    # Where fewer remain than are listed, all of them are, the target among them.
    return (tf.where(tf.math.is_inf(top.values), targets[:, tf.newaxis], top.indices),)


def _count(mask: Any) -> Any:
    return tf.reduce_sum(tf.cast(mask, tf.int32), axis=1)
