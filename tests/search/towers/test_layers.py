"""A tower's own layers, against values worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from search.tensorflow import tf
from search.towers.layers import IdDropout, StepDropout, TokenMean

ONES = np.ones((200, 50), np.float32)


def dropped(rate: float = 0.5, seed: int = 7, step: int = 3, layer: int = 0) -> Any:
    return StepDropout(rate, seed, tf.Variable(step), layer)(ONES, training=True).numpy()


@pytest.fixture
def token_mean() -> TokenMean:
    layer = TokenMean(rows=4, width=2, name="title")
    layer(tf.constant([[0]]))
    layer.embedding.set_weights([np.array([[9, 9], [1, 2], [3, 4], [5, 9]], np.float32)])
    return layer


def test_token_mean_averages_the_tokens_of_a_row(token_mean: TokenMean) -> None:
    np.testing.assert_allclose(token_mean(tf.constant([[1, 2, 3]])), [[3, 5]])


def test_token_mean_leaves_padding_out(token_mean: TokenMean) -> None:
    tokens = tf.constant([[1, 2, 0, 0], [2, 0, 1, 0], [3, 0, 0, 0]])
    np.testing.assert_allclose(token_mean(tokens), [[2, 3], [2, 3], [5, 9]])


def test_token_mean_counts_a_repeated_token_as_often_as_it_occurs(token_mean: TokenMean) -> None:
    np.testing.assert_allclose(token_mean(tf.constant([[1, 1, 1, 2]])), [[1.5, 2.5]])


def test_token_mean_of_no_tokens_is_zero(token_mean: TokenMean) -> None:
    np.testing.assert_array_equal(token_mean(tf.constant([[0, 0], [0, 0]])), np.zeros((2, 2)))


def test_dropout_passes_everything_in_evaluation() -> None:
    layer = StepDropout(0.5, 7, tf.Variable(3), 0)
    np.testing.assert_array_equal(layer(ONES), ONES)


def test_dropout_drops_its_rate_and_scales_the_rest_up() -> None:
    values = dropped(rate=0.2)
    assert np.unique(values).tolist() == [0.0, 1.25]
    assert np.mean(values == 0) == pytest.approx(0.2, abs=0.02)


def test_dropout_is_the_same_for_the_same_seed_step_and_layer() -> None:
    np.testing.assert_array_equal(dropped(), dropped())


@pytest.mark.parametrize("other", [{"seed": 8}, {"step": 4}, {"layer": 1}])
def test_dropout_depends_on_seed_step_and_layer(other: dict[str, int]) -> None:
    assert 0.4 < np.mean(dropped() != dropped(**other)) < 0.6


def test_dropout_follows_the_step_without_being_called_anew() -> None:
    step = tf.Variable(3)
    layer = tf.function(StepDropout(0.5, 7, step, 0))
    first = layer(ONES, training=True).numpy()
    step.assign(4)
    np.testing.assert_array_equal(first, dropped(step=3))
    np.testing.assert_array_equal(layer(ONES, training=True), dropped(step=4))


def test_id_dropout_puts_the_unknown_id_s_0_in_place_of_its_share_in_training_alone() -> None:
    ids = tf.range(1, 10_001)
    layer = IdDropout(0.2, 7, tf.Variable(3), 0)
    np.testing.assert_array_equal(layer(ids), ids)
    left = layer(ids, training=True).numpy()
    assert np.mean(left == 0) == pytest.approx(0.2, abs=0.02)
    np.testing.assert_array_equal(left[left > 0], ids.numpy()[left > 0])
