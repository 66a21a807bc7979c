"""The matrix products of an epoch and nothing else: what no float32 engine can avoid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from search.data.encoded import EncodedData
from search.tensorflow import tf
from spaces import TowerConfig

__all__ = ["matmuls"]


def matmuls(data: EncodedData, config: TowerConfig) -> Callable[[], object]:
    """All products of an epoch, forwards and backwards, back to back in one graph."""
    rows = len(data.parts["train"])
    full = config.negatives == "full_softmax"
    queries = _tower(data, config, "query", config.batch_size)
    candidates = _tower(data, config, "candidate", data.n_candidates if full else config.batch_size)

    @tf.function  # type: ignore[untyped-decorator]
    def epoch() -> Any:
        total = tf.constant(0.0)
        for _ in tf.range(-(-rows // config.batch_size)):
            total += 1e-9 * _step(queries, candidates, total)
        return total

    return lambda: epoch().numpy()


def _tower(data: EncodedData, config: TowerConfig, side: Any, rows: int) -> list[Any]:
    """Inputs of a tower, then the kernels of its layers."""
    width = sum(
        1 if c.form == "scaled" else config.embedding_dim for c in data.columns if c.side == side
    )
    shapes = [(rows, width)]
    for units in config.layer_sizes(side):
        shapes.append((shapes[-1][1], units))
    random = np.random.default_rng(0)
    return [tf.constant(random.normal(0, 0.05, shape), tf.float32) for shape in shapes]


def _step(queries: Sequence[Any], candidates: Sequence[Any], total: Any) -> Any:
    # A term that depends on the last step keeps the products from being taken out of the loop.
    forward = [_forward([inputs[0] + total, *inputs[1:]]) for inputs in (queries, candidates)]
    scores = tf.matmul(forward[0][-1], forward[1][-1], transpose_b=True)
    back = tf.matmul(scores, forward[1][-1]), tf.matmul(scores, forward[0][-1], transpose_a=True)
    kernels = queries[1:], candidates[1:]
    return sum(_backward(*parts) for parts in zip(forward, kernels, back, strict=True))


def _forward(inputs: Sequence[Any]) -> list[Any]:
    values = [inputs[0]]
    for kernel in inputs[1:]:
        values.append(tf.matmul(values[-1], kernel))
    return values


def _backward(values: Sequence[Any], kernels: Sequence[Any], gradient: Any) -> Any:
    total = tf.constant(0.0)
    for value, kernel in zip(reversed(values[:-1]), reversed(kernels), strict=True):
        total += tf.matmul(value, gradient, transpose_a=True)[0, 0]
        gradient = tf.matmul(gradient, kernel, transpose_b=True)
    return total + gradient[0, 0]
