"""The served model: raw queries -> encoded columns -> query tower -> candidates and scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from search.data import encoders
from search.data.encoders import State
from search.data.values import FORMS
from search.serving.index import Index
from search.serving.seen import SeenFilter
from search.tensorflow import tf

__all__ = ["QueryTower", "Recommender", "inputs_of", "save"]


def inputs_of(states: Sequence[State]) -> dict[str, str]:
    """The served model's inputs by raw query column: each is called as its first feature."""
    inputs: dict[str, str] = {}
    for state in states:
        if state["side"] == "query":
            inputs.setdefault(state["column"], state["name"])
    return inputs


class QueryTower(tf.Module):  # type: ignore[misc]
    """Raw queries to vectors.

    Each input is a batch (n,): strings for ids, categories and texts, "" where missing; float64 for
    numbers and times (seconds since 1970), NaN where missing. They pass the very layers that
    encoded the training data.
    """

    def __init__(self, states: Sequence[State], tower: Any) -> None:
        super().__init__()
        self.inputs = inputs_of(states)
        self._states = [state for state in states if state["side"] == "query"]
        self._encoders = [encoders.build(state) for state in self._states]
        self._tower = tower

    @property
    def specs(self) -> dict[str, Any]:
        """The inputs' types by name."""
        kinds = {self.inputs[state["column"]]: state["kind"] for state in self._states}
        return {
            name: tf.TensorSpec([None], _TYPES[FORMS[kind]], name) for name, kind in kinds.items()
        }

    def columns(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The encoded columns of raw queries."""
        columns: dict[str, Any] = {}
        for state, encoder in zip(self._states, self._encoders, strict=True):
            columns |= encoder(raw[self.inputs[state["column"]]])
        return columns

    def known(self, columns: Mapping[str, Any]) -> Any:
        """Whether all ids of each query have rows of their own: bool (n,)."""
        ids = [columns[state["name"]] > 0 for state in self._states if state["kind"] == "id"]
        everyone = tf.ones_like(tf.reshape(next(iter(columns.values())), [-1])[:1], tf.bool)
        return tf.reduce_all(tf.stack(ids), axis=0) if ids else everyone

    def vectors(self, columns: Mapping[str, Any]) -> Any:
        """The tower's vectors of encoded queries: float32 (n, output_dim)."""
        return self._tower(columns)

    def signature(self) -> Any:
        """Raw queries to `embedding`, float32 (n, output_dim)."""
        return _traced(lambda **raw: {"embedding": self.vectors(self.columns(raw))}, self.specs)


class Recommender(tf.Module):  # type: ignore[misc]
    """Raw queries to the best candidates' ids and scores, best first.

    `index` gives rows of `ids` (C,); `seen`, where given, takes out the candidates that a query's
    user has in training, and where fewer than `k` are left, the rest have the id "" and the score
    -inf.
    """

    def __init__(
        self,
        queries: QueryTower,
        index: Index,
        ids: Sequence[str],
        k: int,
        seen: SeenFilter | None = None,
    ) -> None:
        super().__init__()
        self._queries, self._index, self._seen, self._k = queries, index, seen, k
        self._ids = tf.Variable(tf.constant(np.asarray(ids, object), tf.string), trainable=False)

    def signature(self) -> Any:
        """Raw queries to `ids` (n, k), `scores` float32 (n, k) and `known` (n,)."""
        return _traced(self._answers, self._queries.specs)

    def _answers(self, **raw: Any) -> dict[str, Any]:
        columns = self._queries.columns(raw)
        vectors = self._queries.vectors(columns)
        extra = self._seen.most if self._seen else 0
        scores, rows = self._index(vectors, self._k + extra)
        if self._seen:
            scores, rows = self._seen(raw, scores, rows, self._k)
        ids = tf.where(tf.math.is_inf(scores), "", tf.gather(self._ids, rows))
        return {"ids": ids, "scores": scores, "known": self._queries.known(columns)}


def save(module: Any, place: Path) -> None:
    """Write a module's signature as version 1 of a model, as TensorFlow Serving reads it."""
    signatures = {"serving_default": module.signature()}
    options = tf.saved_model.SaveOptions(experimental_custom_gradients=False)
    tf.saved_model.save(module, str(place / "1"), signatures=signatures, options=options)


_TYPES = {"text": tf.string, "number": tf.float64, "time": tf.float64}


def _traced(function: Any, specs: Mapping[str, Any]) -> Any:
    return tf.function(function).get_concrete_function(**specs)
