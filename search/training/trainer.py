"""Trains one model over encoded arrays, an epoch at a time, and measures it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from search.data.encoded import EncodedData
from search.tensorflow import tf
from search.training.evaluation import Ranking, Seen, rank
from search.training.program import Program
from spaces import TowerConfig

__all__ = ["Diverged", "Trainer"]

_ROWS_A_CALL = 1 << 19
_ROWS_A_FORWARD = 1 << 13


class Diverged(RuntimeError):
    """Training gave a loss that is not a finite number."""


class Trainer:
    """A two-tower model in training on the rows of `data.parts["train"]`.

    All of its state is `state()`: weights, the optimizer's slots and its step counter. Shuffling
    and dropout derive from `seed` with the epoch and the step, so a restored trainer goes on as if
    it had never stopped. `program` is one of the configuration's shape that nobody else uses, by
    default a new one.
    """

    def __init__(
        self, data: EncodedData, config: TowerConfig, seed: int, program: Program | None = None
    ) -> None:
        self._data, self._config, self._seed = data, config, seed
        self._rows = data.parts["train"]
        self._program = program or Program(data, config)
        self._program.begin(config, seed)
        self.model = self._program.model

    @property
    def parameters(self) -> int:
        """Number of trained weights."""
        return int(sum(np.prod(v.shape) for v in self.model.trainable_variables))

    def train_epoch(self, epoch: int) -> float:
        """Pass once over the training rows, in the epoch's own order; the mean loss an example.

        Raises `Diverged` where the loss is not finite.
        """
        order = np.random.default_rng([self._seed, epoch]).permutation(self._rows)
        total = sum(float(self._program.run(*batches)) for batches in self._chunks(order))
        if not math.isfinite(total):
            raise Diverged(f"the training loss is not finite in epoch {epoch}")
        return total / len(order)

    def evaluate(self, part: str, seen: Seen | None = None) -> Ranking:
        """Rank the true candidates of a part's rows among the whole catalogue.

        The coverage is that of one list for each of the part's users, at the first of its rows.
        """
        rows = self._data.parts[part]
        listed = np.unique(self._data.users[rows], return_index=True)[1]
        return rank(
            self._query_vectors(rows),
            self.candidate_vectors(),
            self._data.positives[rows],
            listed=listed,
            seen=seen,
            temperature=self._config.temperature,
        )

    def state(self) -> dict[str, Any]:
        """Arrays from which `restore` makes the same trainer again."""
        return {name: variable.numpy() for name, variable in self._variables().items()}

    def weights(self) -> dict[str, Any]:
        """The model's weights alone, as `state` names them; enough to measure and to serve it."""
        return {name: variable.numpy() for name, variable in self._weights().items()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Put back what `state` or `weights` gave."""
        variables = self._variables()
        for name, value in state.items():
            variables[name].assign(value)

    def candidate_vectors(self) -> Any:
        """The vectors of the whole catalogue, float32 (C, output_dim)."""
        rows = np.arange(self._data.n_candidates)
        return self._forward(self.model.candidate_tower, self._data.candidates, rows)

    def _weights(self) -> dict[str, Any]:
        return {f"weight_{n}": v for n, v in enumerate(self.model.trainable_variables)}

    def _variables(self) -> dict[str, Any]:
        slots = {f"slot_{n}": v for n, v in enumerate(self._program.optimizer.variables)}
        return self._weights() | slots

    def _chunks(self, order: Any) -> Iterator[tuple[dict[str, Any], Any, Any]]:
        size = max(1, _ROWS_A_CALL // self._config.batch_size) * self._config.batch_size
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            weights = None if self._data.weights is None else tf.constant(self._data.weights[rows])
            yield _take(self._data.queries, rows), tf.constant(self._data.positives[rows]), weights

    def _query_vectors(self, rows: Any) -> Any:
        return self._forward(self.model.query_tower, self._data.queries, rows)

    def _forward(self, tower: Any, columns: Mapping[str, Any], rows: Any) -> Any:
        starts = range(0, len(rows), _ROWS_A_FORWARD)
        return tf.concat(
            [tower(_take(columns, rows[start : start + _ROWS_A_FORWARD])) for start in starts],
            axis=0,
        )


def _take(columns: Mapping[str, Any], rows: Any) -> dict[str, Any]:
    return {name: tf.constant(np.asarray(column[rows])) for name, column in columns.items()}
