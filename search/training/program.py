"""What trials of one shape share: a model, its optimizer and their compiled pass over batches."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from search.data.encoded import EncodedData
from search.tensorflow import tf
from search.towers.knobs import Knobs
from search.towers.model import Batch, TwoTower
from search.towers.weights import initialise
from search.training.optimizers import LearningRate, optimizer
from spaces import TowerConfig

__all__ = ["Program", "Programs"]

_KEPT = 4
_SMALL_TABLE = 4  # rows for each row of a batch
_SWITCHED = {"dropout", "id_dropout", "l2"}  # whether they are above 0 is compiled in
_FREE = {"learning_rate", "decay_rate", "warmup", "temperature", *_SWITCHED}
_LENGTHS = {"epochs", "validate_every", "patience"}


class Program:
    """A two-tower model that can be trained from the beginning again and again.

    Learning rate, temperature, dropouts, L2 and the seed are values that the compiled pass reads,
    so a trial that differs from the last one in these alone needs no tracing of its own.
    """

    def __init__(self, data: EncodedData, config: TowerConfig) -> None:
        self.data, self.shape = data, _shape(config)
        self.steps = math.ceil(len(data.parts["train"]) / config.batch_size)
        self._config = config
        self._rate = LearningRate(config, config.epochs * self.steps)
        self.optimizer = optimizer(config, self._rate)
        self._knobs = Knobs(self.optimizer.iterations)
        self.model = TwoTower(data, config, self._knobs)
        self._build()
        # Each of an optimizer's variables begins as a constant.
        self._slots = [(v, v.numpy().reshape(-1)[0]) for v in self.optimizer.variables]
        self.run = tf.function(self._run_batches, reduce_retracing=True)

    def begin(self, config: TowerConfig, seed: int) -> None:
        """Become what a new program of the configuration would be, its weights the seed's first."""
        self._knobs.set(config, seed)
        self._rate.set(config, config.epochs * self.steps)
        initialise(self.model.trainable_variables, seed)
        for variable, first in self._slots:
            variable.assign(tf.fill(variable.shape, first))

    def _build(self) -> None:
        rows = self.data.parts["train"][:1]
        self.model.query_tower({name: column[rows] for name, column in self.data.queries.items()})
        self.model.candidate_tower({name: c[:1] for name, c in self.data.candidates.items()})
        self.optimizer.build(self.model.trainable_variables)

    def _run_batches(self, queries: dict[str, Any], positives: Any, weights: Any) -> Any:
        total = tf.constant(0.0)
        for start in tf.range(0, tf.size(positives), self._config.batch_size):
            stop = start + self._config.batch_size
            batch = {name: column[start:stop] for name, column in queries.items()}
            weighing = None if weights is None else weights[start:stop]
            total += self._step((batch, positives[start:stop], weighing))
        return total

    def _step(self, batch: Batch) -> Any:
        weights = self.model.trainable_variables
        with tf.GradientTape() as tape:
            loss = self.model.compute_loss(batch, training=True)
            penalised = tf.add_n([loss, *self.model.losses])
        gradients = [self._dense(gradient) for gradient in tape.gradient(penalised, weights)]
        # There is one replica; adding up over replicas would keep every graph for good.
        self.optimizer.apply_gradients(
            zip(gradients, weights, strict=True), skip_gradients_aggregation=True
        )
        if self._config.reduction == "sum":
            return loss
        return loss * tf.cast(tf.size(batch[1]), tf.float32)

    def _dense(self, gradient: Any) -> Any:
        """A small table's gradient with all its rows: cheaper than to sum and scatter a few."""
        if gradient.shape[0] > _SMALL_TABLE * self._config.batch_size:
            return gradient
        return tf.convert_to_tensor(gradient)


class Programs:
    """The programs that no trial uses just now, the last few of them."""

    def __init__(self) -> None:
        self._kept: list[Program] = []

    def take(self, data: EncodedData, config: TowerConfig) -> Program:
        """A program of the configuration's shape on the data; it is the caller's own."""
        for program in self._kept:
            if program.data is data and program.shape == _shape(config):
                self._kept.remove(program)
                return program
        return Program(data, config)

    def give_back(self, program: Program) -> None:
        """Keep a program for the next trial of its shape."""
        self._kept = [*self._kept, program][-_KEPT:]


def _shape(config: TowerConfig) -> Mapping[str, Any]:
    """What of a configuration is compiled in."""
    values = config.as_dict()
    fixed = {name: value for name, value in values.items() if name not in _FREE | _LENGTHS}
    return fixed | {name: bool(values[name]) for name in _SWITCHED}
