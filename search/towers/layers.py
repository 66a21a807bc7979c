"""The layers of a tower that Keras lacks: a mean over tokens, and dropouts that follow the step."""

from __future__ import annotations

from typing import Any

from search.tensorflow import keras, tf

__all__ = ["IdDropout", "StepDropout", "TokenMean"]


class TokenMean(keras.layers.Layer):  # type: ignore[misc]
    """Mean of the vectors of a row's tokens: (n, length) int32 -> (n, width) float32.

    Token 0 stands for no token and is left out; a row without tokens gives zeros.
    """

    def __init__(self, rows: int, width: int, name: str) -> None:
        super().__init__(name=name)
        self.embedding = keras.layers.Embedding(rows, width, name="tokens")

    def call(self, tokens: Any) -> Any:
        """Average the embedded tokens of each row."""
        present = tf.cast(tokens > 0, tf.float32)[..., tf.newaxis]
        total = tf.reduce_sum(self.embedding(tokens) * present, axis=1)
        return total / tf.maximum(tf.reduce_sum(present, axis=1), 1.0)


class StepDropout(keras.layers.Layer):  # type: ignore[misc]
    """Dropout whose mask is a function of the trial's seed, this layer and the training step.

    A stateful generator would have to be saved to go on where a killed trial stopped; here the
    optimizer's step counter is all the state there is.
    """

    def __init__(self, rate: Any, seed: Any, step: Any, layer: int) -> None:
        super().__init__(name=f"dropout_{layer}")
        self._rate, self._seed, self._step, self._layer = rate, seed, step, layer

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Drop and rescale in training; pass through otherwise."""
        if not training:
            return inputs
        kept = self._kept(tf.shape(inputs)[0], inputs.shape[1])
        return inputs * (tf.cast(kept, tf.float32) / (1.0 - self._rate))

    def _kept(self, rows: Any, width: int) -> Any:
        threshold = tf.cast(tf.round(self._rate * 65536.0) - 32768.0, tf.int16)
        return self._draws(rows, width) >= threshold

    def _draws(self, rows: Any, width: int) -> Any:
        """An int16 for each element, any with the same chance: two from each drawn word."""
        seed = tf.stack([self._seed + self._layer, tf.cast(self._step, tf.int32)])
        words = tf.random.stateless_uniform(
            (rows, -(-width // 2)), seed, minval=None, maxval=None, dtype=tf.int32
        )
        return tf.reshape(tf.bitcast(words, tf.int16), (rows, -1))[:, :width]


class IdDropout(StepDropout):
    """Takes ids at random for unknown ones in training: int32 (n,) -> the same, some of them 0.

    So the row that unknown ids share is trained, on the queries of everyone.
    """

    def call(self, ids: Any, training: bool = False) -> Any:
        """Put 0 in place of some in training; pass through otherwise."""
        return tf.where(self._kept(tf.size(ids), 1)[:, 0], ids, 0) if training else ids
