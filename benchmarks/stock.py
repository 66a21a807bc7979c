"""The tutorial's model as users of TensorFlow Recommenders write it: strings in, Keras `fit`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow_datasets as tfds

from search.tensorflow import keras, tf, tfrs

__all__ = ["Stock"]

_EXAMPLES, _TRAINED = 100_000, 80_000
_WIDTH, _TOKENS = 32, 10_000


class Stock:
    """A model with look-ups and text vectorization inside, on pipelines over the dataset's files.

    Timestamps are embedded by bucket and normalized, titles by id and by word. With
    `full_softmax`, the loss scores each query against all films.
    """

    def __init__(self, layers: Sequence[int], batch: int, full_softmax: bool) -> None:
        ratings = tfds.load("movielens/100k-ratings", split="train").map(
            lambda row: {name: row[name] for name in ("movie_title", "user_id", "timestamp")}
        )
        films = tfds.load("movielens/100k-movies", split="train").map(
            lambda row: row["movie_title"]
        )
        shuffled = ratings.shuffle(_EXAMPLES, seed=42, reshuffle_each_iteration=False)
        train = shuffled.take(_TRAINED).shuffle(_EXAMPLES).batch(batch)
        self.uncached = train
        self.cached = train.cache()
        self.test = shuffled.skip(_TRAINED).take(_EXAMPLES - _TRAINED).batch(4096).cache()
        self.model = _Model(_Query(ratings, layers), _Film(films, layers), films, full_softmax)
        self.model.compile(optimizer=keras.optimizers.Adagrad(0.1))

    def train(self, data: Any) -> None:
        """One epoch."""
        self.model.fit(data, epochs=1, verbose=0)

    def validate(self) -> None:
        """`FactorizedTopK` over the 20,000 held-out ratings."""
        self.model.evaluate(self.test, verbose=0)


class _Query(keras.Model):  # type: ignore[misc]
    def __init__(self, ratings: Any, layers: Sequence[int]) -> None:
        super().__init__()
        users = np.unique(np.concatenate([*ratings.batch(1000).map(lambda row: row["user_id"])]))
        times = np.concatenate([*ratings.batch(1000).map(lambda row: row["timestamp"])])
        buckets = np.linspace(times.min(), times.max(), 1000)
        self.user = keras.Sequential(
            [
                keras.layers.StringLookup(vocabulary=users, mask_token=None),
                keras.layers.Embedding(len(users) + 1, _WIDTH),
            ]
        )
        self.time = keras.Sequential(
            [
                keras.layers.Discretization(buckets.tolist()),
                keras.layers.Embedding(len(buckets) + 1, _WIDTH),
            ]
        )
        self.scaled = keras.layers.Normalization(axis=None)
        self.scaled.adapt(times)
        self.dense = _dense(layers)

    def call(self, row: Any) -> Any:
        time = row["timestamp"]
        parts = [self.user(row["user_id"]), self.time(time), tf.reshape(self.scaled(time), (-1, 1))]
        return self.dense(tf.concat(parts, axis=1))


class _Film(keras.Model):  # type: ignore[misc]
    def __init__(self, films: Any, layers: Sequence[int]) -> None:
        super().__init__()
        titles = np.unique(np.concatenate([*films.batch(1000)]))
        self.title = keras.Sequential(
            [
                keras.layers.StringLookup(vocabulary=titles, mask_token=None),
                keras.layers.Embedding(len(titles) + 1, _WIDTH),
            ]
        )
        words = keras.layers.TextVectorization(max_tokens=_TOKENS)
        self.text = keras.Sequential(
            [
                words,
                keras.layers.Embedding(_TOKENS, _WIDTH, mask_zero=True),
                keras.layers.GlobalAveragePooling1D(),
            ]
        )
        words.adapt(films)
        self.dense = _dense(layers)

    def call(self, titles: Any) -> Any:
        return self.dense(tf.concat([self.title(titles), self.text(titles)], axis=1))


class _Model(tfrs.models.Model):  # type: ignore[misc]
    def __init__(self, query: _Query, film: _Film, films: Any, full_softmax: bool) -> None:
        super().__init__()
        self.query, self.film = query, film
        self.all = tf.constant(np.unique(np.concatenate([*films.batch(1000)])))
        self.rows = keras.layers.StringLookup(
            vocabulary=self.all.numpy(), mask_token=None, num_oov_indices=0
        )
        self.full_softmax = full_softmax
        self.task = tfrs.tasks.Retrieval(
            metrics=tfrs.metrics.FactorizedTopK(candidates=films.batch(128).map(film))
        )

    def compute_loss(self, row: Any, training: bool = False) -> Any:
        queries, titles = self.query(row), row["movie_title"]
        if not (training and self.full_softmax):
            return self.task(queries, self.film(titles), compute_metrics=not training)
        scores = tf.matmul(queries, self.film(self.all), transpose_b=True)
        return tf.reduce_sum(
            tf.nn.sparse_softmax_cross_entropy_with_logits(self.rows(titles), scores)
        )


def _dense(layers: Sequence[int]) -> Any:
    hidden = [keras.layers.Dense(units, activation="relu") for units in layers[:-1]]
    return keras.Sequential([*hidden, keras.layers.Dense(layers[-1])])
