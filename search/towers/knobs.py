"""The scalars that a model's layers read at each step."""

from __future__ import annotations

from typing import Any

from search.tensorflow import tf
from spaces import TowerConfig

__all__ = ["Knobs"]


class Knobs:
    """Variables, so that a compiled model serves other dropouts, L2, temperature and seed.

    `step` is the optimizer's counter of steps taken.
    """

    def __init__(self, step: Any) -> None:
        self.step = step
        self.dropout, self.id_dropout = _scalar(tf.float32), _scalar(tf.float32)
        self.l2, self.temperature = _scalar(tf.float32), _scalar(tf.float32)
        self.seed = _scalar(tf.int32)

    def set(self, config: TowerConfig, seed: int) -> None:
        """Take the values of a configuration, and the seed's last 30 bits."""
        self.dropout.assign(config.dropout)
        self.id_dropout.assign(config.id_dropout)
        self.l2.assign(config.l2)
        self.temperature.assign(config.temperature)
        self.seed.assign(seed % (1 << 30))


def _scalar(kind: Any) -> Any:
    return tf.Variable(tf.cast(0, kind), trainable=False)
