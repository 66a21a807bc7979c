"""A softmax cross-entropy whose scores exist only in blocks, its gradient made on the way."""

from __future__ import annotations

from typing import Any

from search.tensorflow import tf

__all__ = ["softmax_loss"]

_SCORES_A_BLOCK = 1 << 20


def softmax_loss(
    queries: Any,
    candidates: Any,
    labels: Any,
    bias: Any,
    counts: Any,
    weights: Any,
    remove_hits: bool = False,
) -> Any:
    """The sum over n queries of the softmax cross-entropy against a bag of candidates.

    `queries` is float32 (n, d), `candidates` float32 (c, d); float32 `weights` (n,) multiply the
    queries' terms. The bag holds each candidate `counts` (c,) times, with `bias` (c,) added to its
    scores; a query's true candidate is one occurrence of the row that int32 `labels` (n,) names,
    and `remove_hits` takes its other occurrences out.
    `tf.nn.softmax_cross_entropy_with_logits` over the bag written out gives the same loss and the
    same gradient, which goes to `queries` and `candidates` alone. No more than 2^20 scores, or one
    query's, exist at a time: the gradient of a block is worked out before the next block.
    """
    repeats = tf.math.log(tf.cast(counts, tf.float32))
    removed = tf.gather(repeats, labels) if remove_hits else None
    q, c = tf.stop_gradient(queries), tf.stop_gradient(candidates)
    total, to_queries, to_candidates = _normalizers(
        _with_column(q, tf.ones_like(q[:, 0])),
        _with_column(c, bias + repeats),
        labels,
        weights,
        removed,
    )
    own, weighted = tf.gather(c, labels), q * weights[:, tf.newaxis]
    loss = total - tf.reduce_sum(weighted * own) - tf.reduce_sum(weights * tf.gather(bias, labels))
    to_queries -= own * weights[:, tf.newaxis]
    to_candidates -= tf.math.unsorted_segment_sum(weighted, labels, tf.shape(c)[0])
    # Zero, with the gradient: a tf.custom_gradient would keep every graph that it was ever part of.
    slope = tf.reduce_sum(queries * to_queries) + tf.reduce_sum(candidates * to_candidates)
    return loss + (slope - tf.stop_gradient(slope))


def _normalizers(
    queries: Any, candidates: Any, labels: Any, weights: Any, removed: Any
) -> tuple[Any, ...]:
    """The weighted sum of the normalizers' logarithms and its two gradients, block by block."""
    n, width = tf.shape(queries)[0], queries.shape[1]
    size = tf.maximum(1, _SCORES_A_BLOCK // tf.shape(candidates)[0])
    count = -(-n // size)

    def block(number: Any, total: Any, to_queries: Any, to_candidates: Any) -> tuple[Any, ...]:
        rows = slice(number * size, (number + 1) * size)
        taken = None if removed is None else (labels[rows], removed[rows])
        logarithms, towards, backwards = _block(queries[rows], candidates, weights[rows], taken)
        return (
            number + 1,
            total + logarithms,
            to_queries.write(number, towards),
            to_candidates + backwards,
        )

    parts = tf.TensorArray(tf.float32, count, infer_shape=False, element_shape=(None, width))
    _, total, parts, to_candidates = tf.while_loop(
        lambda number, *_: number < count,
        block,
        (0, 0.0, parts, tf.zeros_like(candidates)),
        parallel_iterations=1,
    )
    return total, parts.concat()[:, :-1], to_candidates[:, :-1]


def _block(
    queries: Any, candidates: Any, weights: Any, taken: tuple[Any, Any] | None
) -> tuple[Any, ...]:
    scores = tf.matmul(queries, candidates, transpose_b=True)
    if taken is not None:
        labels, removed = taken
        places = tf.stack([tf.range(tf.size(labels)), labels], axis=1)
        scores = tf.tensor_scatter_nd_sub(scores, places, removed)
    highest = tf.reduce_max(scores, axis=1, keepdims=True)
    powers = tf.exp(scores - highest)
    total = tf.reduce_sum(powers, axis=1, keepdims=True)
    share = weights[:, tf.newaxis] / total
    return (
        tf.reduce_sum(weights[:, tf.newaxis] * (tf.math.log(total) + highest)),
        tf.matmul(powers, candidates) * share,
        tf.matmul(powers, queries * share, transpose_a=True),
    )


def _with_column(vectors: Any, column: Any) -> Any:
    return tf.concat([vectors, column[:, tf.newaxis]], axis=1)
