"""Trains one model over encoded arrays, an epoch at a time, and measures it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from search.data.encoded import EncodedData
from search.tensorflow import tf
from search.towers.model import Batch, TwoTower
from search.towers.tower import Knobs
from search.towers.weights import initialise
from search.training.evaluation import Ranking, Seen, rank
from search.training.optimizers import optimizer
from spaces import TowerConfig

__all__ = ["Diverged", "Trainer"]

_ROWS_A_CALL = 1 << 19
_ROWS_A_FORWARD = 1 << 13
_SMALL_TABLE = 4  # rows for each row of a batch


class Diverged(RuntimeError):
    """Training gave a loss that is not a finite number."""


class Trainer:
    """A two-tower model in training on the rows of `data.parts["train"]`.

    All of its state is `state()`: weights, the optimizer's slots and its step counter. Shuffling
    and dropout derive from `seed` with the epoch and the step, so a restored trainer goes on as if
    it had never stopped.
    """

    def __init__(self, data: EncodedData, config: TowerConfig, seed: int) -> None:
        self._data, self._config, self._seed = data, config, seed
        self._rows = data.parts["train"]
        self._optimizer = optimizer(config, config.epochs * self.steps)
        self.model = TwoTower(data, config, self._knobs())
        self._build()
        self._optimizer.build(self.model.trainable_variables)
        initialise(self.model.trainable_variables, seed)
        self._run = tf.function(self._run_batches, reduce_retracing=True)

    @property
    def steps(self) -> int:
        """Batches in an epoch; the last one may be smaller."""
        return math.ceil(len(self._rows) / self._config.batch_size)

    @property
    def parameters(self) -> int:
        """Number of trained weights."""
        return int(sum(np.prod(v.shape) for v in self.model.trainable_variables))

    def train_epoch(self, epoch: int) -> float:
        """Pass once over the training rows, in the epoch's own order; the mean loss an example.

        Raises `Diverged` where the loss is not finite.
        """
        order = np.random.default_rng([self._seed, epoch]).permutation(self._rows)
        total = sum(float(self._run(*batches)) for batches in self._chunks(order))
        if not math.isfinite(total):
            raise Diverged(f"the training loss is not finite in epoch {epoch}")
        return total / len(order)

    def evaluate(self, part: str, seen: Seen | None = None) -> Ranking:
        """Rank the true candidates of a part's rows among the whole catalogue."""
        rows = self._data.parts[part]
        return rank(
            self._query_vectors(rows),
            self._candidate_vectors(),
            self._data.positives[rows],
            seen=seen,
            temperature=self._config.temperature,
        )

    def state(self) -> dict[str, Any]:
        """Arrays from which `restore` makes the same trainer again."""
        return {name: variable.numpy() for name, variable in self._variables().items()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Put back what `state` gave."""
        for name, variable in self._variables().items():
            variable.assign(state[name])

    def _variables(self) -> dict[str, Any]:
        weights = {f"weight_{n}": v for n, v in enumerate(self.model.trainable_variables)}
        slots = {f"slot_{n}": v for n, v in enumerate(self._optimizer.variables)}
        return weights | slots

    def _knobs(self) -> Knobs:
        return Knobs(
            dropout=self._config.dropout,
            l2=self._config.l2,
            temperature=self._config.temperature,
            seed=self._seed % (1 << 30),
            step=self._optimizer.iterations,
        )

    def _build(self) -> None:
        self._query_vectors(self._rows[:1])
        first = {name: rows[:1] for name, rows in self._data.candidates.items()}
        self.model.candidate_tower(first)

    def _chunks(self, order: Any) -> Iterator[tuple[dict[str, Any], Any]]:
        size = max(1, _ROWS_A_CALL // self._config.batch_size) * self._config.batch_size
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            yield _take(self._data.queries, rows), tf.constant(self._data.positives[rows])

    def _run_batches(self, queries: dict[str, Any], positives: Any) -> Any:
        total = tf.constant(0.0)
        for start in tf.range(0, tf.size(positives), self._config.batch_size):
            stop = start + self._config.batch_size
            batch = {name: column[start:stop] for name, column in queries.items()}
            total += self._step((batch, positives[start:stop]))
        return total

    def _step(self, batch: Batch) -> Any:
        weights = self.model.trainable_variables
        with tf.GradientTape() as tape:
            loss = self.model.compute_loss(batch, training=True)
            penalised = tf.add_n([loss, *self.model.losses])
        gradients = [self._dense(gradient) for gradient in tape.gradient(penalised, weights)]
        self._optimizer.apply_gradients(zip(gradients, weights, strict=True))
        if self._config.reduction == "sum":
            return loss
        return loss * tf.cast(tf.size(batch[1]), tf.float32)

    def _dense(self, gradient: Any) -> Any:
        """A small table's gradient with all its rows: cheaper than to sum and scatter a few."""
        if gradient.shape[0] > _SMALL_TABLE * self._config.batch_size:
            return gradient
        return tf.convert_to_tensor(gradient)

    def _query_vectors(self, rows: Any) -> Any:
        return self._forward(self.model.query_tower, self._data.queries, rows)

    def _candidate_vectors(self) -> Any:
        rows = np.arange(self._data.n_candidates)
        return self._forward(self.model.candidate_tower, self._data.candidates, rows)

    def _forward(self, tower: Any, columns: Mapping[str, Any], rows: Any) -> Any:
        starts = range(0, len(rows), _ROWS_A_FORWARD)
        return tf.concat(
            [tower(_take(columns, rows[start : start + _ROWS_A_FORWARD])) for start in starts],
            axis=0,
        )


def _take(columns: Mapping[str, Any], rows: Any) -> dict[str, Any]:
    return {name: tf.constant(np.asarray(column[rows])) for name, column in columns.items()}
