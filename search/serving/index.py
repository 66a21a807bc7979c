"""Indexes over candidate vectors: exact brute force, or ScaNN where it is installed."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

from search.tensorflow import tf, tfrs
from spaces import InputError

__all__ = ["INDEXES", "Index", "check_index"]

INDEXES = ("brute_force", "scann")


class Index(tf.Module):  # type: ignore[misc]
    """The rows of the candidates that score best by the dot product.

    It is `tfrs.layers.factorized_top_k.BruteForce`, or its `ScaNN`, over `vectors` (C, d).
    """

    def __init__(self, kind: str, vectors: Any, k: int) -> None:
        super().__init__()
        check_index(kind)
        self._size = int(vectors.shape[0])
        layers = tfrs.layers.factorized_top_k
        make: Callable[..., Any] = layers.ScaNN if kind == "scann" else layers.BruteForce
        self._layer = make(k=min(k, self._size)).index(vectors)

    def __call__(self, queries: Any, k: int) -> tuple[Any, Any]:
        """Scores float32 and rows int32 (n, k) of queries (n, d), best first; at most all rows."""
        scores, rows = self._layer(queries, k=min(k, self._size))
        return scores, rows


def check_index(kind: str) -> None:
    """Raise `InputError` where there is no such index, or its package is missing."""
    if kind not in INDEXES:
        raise InputError(f"index: must be one of {', '.join(INDEXES)}, got {kind!r}.")
    if kind == "scann" and importlib.util.find_spec("scann") is None:
        raise InputError(
            f"index: scann needs the package scann, built for TensorFlow {tf.__version__}, and "
            "none is installed; export with --index brute_force."
        )
