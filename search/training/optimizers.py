"""From a configuration to an optimizer and its learning-rate schedule."""

from __future__ import annotations

import math
from typing import Any

from search.tensorflow import keras, tf
from spaces import TowerConfig

__all__ = ["LearningRate", "optimizer"]


class LearningRate(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """The learning rate at a step: a linear warm-up, then constant, cosine or exponential decay.

    `config.learning_rate` is the height, `steps` the training's whole length. By the last step
    cosine decay (Loshchilov and Hutter, "SGDR", 2017, without restarts) has reached 0, and
    exponential decay `decay_rate` times the height.
    """

    def __init__(self, config: TowerConfig, steps: int) -> None:
        self._shape = config.schedule
        self._rate, self._warmup, self._length, self._decay_rate = (
            tf.Variable(0.0, trainable=False) for _ in range(4)
        )
        self.set(config, steps)

    def set(self, config: TowerConfig, steps: int) -> None:
        """Take another height and length; the kind of decay stays."""
        warmup = round(config.warmup * steps)
        self._rate.assign(config.learning_rate)
        self._warmup.assign(warmup)
        self._length.assign(max(steps - warmup, 1))
        self._decay_rate.assign(config.decay_rate or 0.0)

    def __call__(self, step: Any) -> Any:
        """The rate for the step, a float32 scalar."""
        step = tf.cast(step, tf.float32)
        done = tf.clip_by_value((step - self._warmup) / self._length, 0.0, 1.0)
        warming = (step + 1.0) / tf.maximum(self._warmup, 1.0)
        return self._rate * tf.where(step < self._warmup, warming, self._decay(done))

    def get_config(self) -> dict[str, Any]:
        """What Keras asks of a schedule."""
        return {"schedule": self._shape}

    def _decay(self, done: Any) -> Any:
        if self._shape == "cosine":
            return (1.0 + tf.cos(math.pi * done)) / 2.0
        if self._shape == "exponential":
            return tf.pow(self._decay_rate, done)
        return tf.ones_like(done)


def optimizer(config: TowerConfig, rate: LearningRate) -> Any:
    """The Keras optimizer of a configuration."""
    kind = {
        "adagrad": keras.optimizers.Adagrad,
        "adam": keras.optimizers.Adam,
        "adamw": keras.optimizers.AdamW,
        "rmsprop": keras.optimizers.RMSprop,
        "sgd": keras.optimizers.SGD,
    }[config.optimizer]
    return kind(learning_rate=rate, **_own_parameters(config))


def _own_parameters(config: TowerConfig) -> dict[str, float]:
    names = {"initial_accumulator": "initial_accumulator_value"}
    own = ("momentum", "beta_1", "beta_2", "rho", "initial_accumulator", "weight_decay")
    values = {names.get(name, name): getattr(config, name) for name in own}
    return {name: value for name, value in values.items() if value is not None}
