"""First weights follow from the seed alone, and are distributed as Keras draws them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from search.tensorflow import keras, tf
from search.towers.weights import initialise


@pytest.fixture
def variables() -> list[Any]:
    embedding = keras.layers.Embedding(200, 8)
    dense = keras.layers.Dense(4)
    dense(embedding(tf.constant([0])))
    return [*embedding.trainable_variables, *dense.trainable_variables]


def drawn(variables: list[Any], seed: int) -> list[Any]:
    initialise(variables, seed)
    return [variable.numpy() for variable in variables]


def test_weights_are_a_function_of_the_seed(variables: list[Any]) -> None:
    first, again = drawn(variables, 5), drawn(variables, 5)
    other = drawn(variables, 6)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not any(np.array_equal(a, b) for a, b in zip(first[:2], other[:2], strict=True))


def test_tensorflow_s_own_seed_has_no_say(variables: list[Any]) -> None:
    first = drawn(variables, 5)
    tf.random.set_seed(99)
    assert all(np.array_equal(a, b) for a, b in zip(first, drawn(variables, 5), strict=True))


def test_two_variables_of_one_shape_get_different_weights() -> None:
    tables = [keras.layers.Embedding(10, 4) for _ in range(2)]
    for table in tables:
        table(tf.constant([0]))
    first, second = drawn([table.trainable_variables[0] for table in tables], 5)
    assert not np.array_equal(first, second)


def test_embeddings_are_uniform_kernels_glorot_and_biases_zero(variables: list[Any]) -> None:
    embeddings, kernel, bias = drawn(variables, 5)
    assert 0.045 < np.abs(embeddings).max() <= 0.05
    assert embeddings.std() == pytest.approx(0.1 / np.sqrt(12), rel=0.05)
    assert 0.5 < np.abs(kernel).max() <= np.sqrt(6 / (8 + 4))
    assert not bias.any()
