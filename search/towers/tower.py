"""One tower: encoded columns of a side -> embeddings -> dense layers -> a vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from search.data.schema import Column, Side
from search.tensorflow import keras, tf
from search.towers.knobs import Knobs
from search.towers.layers import IdDropout, StepDropout, TokenMean
from spaces import TowerConfig

__all__ = ["Tower"]

_FIRST_OF_IDS = 100  # random streams: those below are of the dense layers


class Tower(keras.Model):  # type: ignore[misc]
    """Maps a dict of encoded columns, each of n rows, to float32 vectors (n, output_dim).

    Of the features that `config` names, index columns are embedded (in training, some ids as
    unknown ones), token columns embedded and averaged, scaled columns taken as they are; the
    concatenation passes the dense layers, the last of them linear. The seed tutorial "Building deep
    retrieval models" (TensorFlow Recommenders) is the model for all of it.
    """

    def __init__(
        self,
        side: Side,
        columns: Sequence[Column],
        config: TowerConfig,
        knobs: Knobs,
    ) -> None:
        super().__init__(name=f"{side}_tower")
        self._columns = [
            column
            for column in columns
            if column.side == side and config.uses(side, column.feature, column.optional)
        ]
        self._knobs = knobs
        self._inputs = [
            self._input_layers(column, config, place) for place, column in enumerate(self._columns)
        ]
        self._penalised = config.l2 > 0
        self._normalize = config.normalize
        self._hidden = self._dense_layers(side, config)

    @property
    def features(self) -> frozenset[str]:
        """The features that enter the tower."""
        return frozenset(column.feature for column in self._columns)

    def call(self, inputs: dict[str, Any], training: bool = False) -> Any:
        """Embed, concatenate and project."""
        parts = [
            _through(layers, inputs[column.name], training)
            for column, layers in zip(self._columns, self._inputs, strict=True)
        ]
        vectors = tf.concat(parts, axis=1)
        if self._penalised:
            self.add_loss(self._knobs.l2 * tf.reduce_mean(tf.reduce_sum(vectors**2, axis=1)))
        vectors = _through(self._hidden, vectors, training)
        return tf.math.l2_normalize(vectors, axis=1) if self._normalize else vectors

    def _input_layers(self, column: Column, config: TowerConfig, place: int) -> list[Any]:
        layer = _input_layer(column, config.embedding_dim, f"input_{place}")
        if not (config.id_dropout and column.has_unknown):
            return [layer]
        stream = _FIRST_OF_IDS + 2 * place + (column.side == "candidate")
        knobs = self._knobs
        return [IdDropout(knobs.id_dropout, knobs.seed, knobs.step, stream), layer]

    def _dense_layers(self, side: Side, config: TowerConfig) -> list[Any]:
        sizes = config.layer_sizes(side)
        activations = [config.activation_of(side)] * (len(sizes) - 1) + [None]
        layers: list[Any] = []
        for depth, (size, activation) in enumerate(zip(sizes, activations, strict=True)):
            if config.dropout > 0:
                place = 2 * depth + (side == "candidate")
                layers.append(
                    StepDropout(self._knobs.dropout, self._knobs.seed, self._knobs.step, place)
                )
            layers.append(
                keras.layers.Dense(
                    size,
                    activation=activation,
                    kernel_regularizer=self._penalty if self._penalised else None,
                    name=f"dense_{depth}",
                )
            )
        return layers

    def _penalty(self, kernel: Any) -> Any:
        return self._knobs.l2 * tf.reduce_sum(kernel**2)


def _through(layers: Sequence[Any], values: Any, training: bool) -> Any:
    for layer in layers:
        values = layer(values, training=training)
    return values


def _input_layer(column: Column, width: int, name: str) -> Any:
    if column.form == "index":
        return keras.layers.Embedding(column.rows, width, name=name)
    if column.form == "tokens":
        return TokenMean(column.rows, width, name=name)
    return keras.layers.Reshape((1,), name=name)
