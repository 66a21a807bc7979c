"""Optimizers and schedules, step by step against NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.tensorflow import keras, tf
from search.training.optimizers import LearningRate, optimizer
from tests.search.examples import config

START: Any = np.array([1.0, -2.0, 0.5], np.float32)
GRADIENTS = [np.array([0.1, -0.4, 2.0], np.float32), np.array([-1.0, 0.3, 0.7], np.float32)]


def stepped(**given: Any) -> Any:
    """Weights after the optimizer has taken both gradients."""
    chosen = optimizer(config(**given), LearningRate(config(**given), steps=10))
    weights = tf.Variable(START)
    chosen.build([weights])
    for gradient in GRADIENTS:
        chosen.apply_gradients([(tf.constant(gradient), weights)])
    return weights.numpy()


def rates(steps: int = 10, **given: Any) -> list[float]:
    schedule = LearningRate(config(learning_rate=1.0, **given), steps)
    return [float(schedule(tf.constant(step, tf.int64))) for step in range(steps + 1)]


@pytest.mark.parametrize(
    ("given", "kind", "own"),
    [
        ({"optimizer": "adagrad", "initial_accumulator": 0.7}, keras.optimizers.Adagrad,
         {"initial_accumulator_value": 0.7}),
        ({"optimizer": "adam", "beta_1": 0.8, "beta_2": 0.95}, keras.optimizers.Adam,
         {"beta_1": 0.8, "beta_2": 0.95}),
        ({"optimizer": "adamw", "beta_1": 0.8, "beta_2": 0.95, "weight_decay": 0.1},
         keras.optimizers.AdamW, {"beta_1": 0.8, "beta_2": 0.95, "weight_decay": 0.1}),
        ({"optimizer": "sgd", "momentum": 0.6}, keras.optimizers.SGD, {"momentum": 0.6}),
        ({"optimizer": "rmsprop", "rho": 0.7}, keras.optimizers.RMSprop, {"rho": 0.7}),
    ],
)  # fmt: skip
def test_an_optimizer_is_keras_s_own_with_its_parameters(
    given: dict[str, Any], kind: type, own: dict[str, float]
) -> None:
    chosen = optimizer(config(**given), LearningRate(config(**given), steps=10))
    assert type(chosen) is kind
    assert {name: getattr(chosen, name) for name in own} == pytest.approx(own)


def test_sgd_steps_by_the_velocity() -> None:
    weights, velocity = START, np.zeros(3)
    for gradient in GRADIENTS:
        velocity = 0.6 * velocity - 0.05 * gradient
        weights = weights + velocity
    found = stepped(optimizer="sgd", momentum=0.6, learning_rate=0.05)
    np.testing.assert_allclose(found, weights, rtol=1e-5)


def test_adagrad_starts_from_its_initial_accumulator() -> None:
    weights, accumulator = START, np.full(3, 0.7)
    for gradient in GRADIENTS:
        accumulator = accumulator + gradient**2
        weights = weights - 0.05 * gradient / np.sqrt(accumulator)
    found = stepped(optimizer="adagrad", initial_accumulator=0.7, learning_rate=0.05)
    np.testing.assert_allclose(found, weights, rtol=1e-5)


@pytest.mark.parametrize(("kind", "decay"), [("adam", 0.0), ("adamw", 0.1)])
def test_adam_corrects_its_moments_and_adamw_shrinks_the_weights_too(
    kind: str, decay: float
) -> None:
    weights, first, second = START, np.zeros(3), np.zeros(3)
    for step, gradient in enumerate(GRADIENTS, start=1):
        first, second = 0.8 * first + 0.2 * gradient, 0.95 * second + 0.05 * gradient**2
        weights = weights * (1 - 0.05 * decay)
        unbiased = first / (1 - 0.8**step), second / (1 - 0.95**step)
        weights = weights - 0.05 * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-7)
    own = {"weight_decay": decay} if kind == "adamw" else {}
    found = stepped(optimizer=kind, beta_1=0.8, beta_2=0.95, learning_rate=0.05, **own)
    np.testing.assert_allclose(found, weights, rtol=1e-4)


def test_rmsprop_divides_by_the_moving_root_mean_square() -> None:
    weights, square = START, np.zeros(3)
    for gradient in GRADIENTS:
        square = 0.7 * square + 0.3 * gradient**2
        weights = weights - 0.05 * gradient / np.sqrt(square)
    found = stepped(optimizer="rmsprop", rho=0.7, learning_rate=0.05)
    np.testing.assert_allclose(found, weights, rtol=1e-4)


def test_the_rate_of_a_step_is_the_schedule_s() -> None:
    found = stepped(
        optimizer="sgd", momentum=0.0, learning_rate=0.5, schedule="exponential", decay_rate=0.01
    )
    expected = START - 0.5 * GRADIENTS[0] - 0.5 * 0.01**0.1 * GRADIENTS[1]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_a_constant_schedule_keeps_the_learning_rate() -> None:
    assert rates() == [1.0] * 11


def test_cosine_decay_is_half_way_down_in_the_middle_and_ends_at_0() -> None:
    found = rates(schedule="cosine")
    expected = (1 + np.cos(np.pi * np.arange(11) / 10)) / 2
    assert found == pytest.approx(expected, abs=1e-6)
    assert (found[0], found[5], found[10]) == pytest.approx((1.0, 0.5, 0.0), abs=1e-6)


def test_exponential_decay_leaves_the_decay_rate() -> None:
    found = rates(schedule="exponential", decay_rate=0.01)
    assert (found[0], found[5], found[10]) == pytest.approx((1.0, 0.1, 0.01))


@pytest.mark.parametrize(
    ("given", "after"),
    [
        ({"schedule": "constant"}, [1.0] * 7),
        ({"schedule": "cosine"}, (1 + np.cos(np.pi * np.arange(7) / 6)) / 2),
        ({"schedule": "exponential", "decay_rate": 0.01}, 0.01 ** (np.arange(7) / 6)),
    ],
)
def test_warm_up_climbs_in_equal_steps_and_the_decay_takes_the_rest(
    given: dict[str, Any], after: Any
) -> None:
    assert rates(warmup=0.4, **given) == pytest.approx([0.25, 0.5, 0.75, 1.0, *after], abs=1e-6)


def test_warm_up_of_less_than_half_a_step_is_none() -> None:
    assert rates(warmup=0.04) == [1.0] * 11


@settings(max_examples=40, deadline=None)
@given(
    steps=st.integers(1, 1000),
    warmup=st.floats(0.0, 0.5),
    schedule=st.sampled_from(["constant", "cosine", "exponential"]),
    data=st.data(),
)
def test_a_rate_is_positive_in_training_and_never_above_the_learning_rate(
    steps: int, warmup: float, schedule: str, data: st.DataObject
) -> None:
    step = data.draw(st.integers(0, steps - 1))
    given = config(learning_rate=0.3, warmup=warmup, schedule=schedule)
    assert 0.0 < float(LearningRate(given, steps)(step)) <= 0.3 * (1 + 1e-6)


def test_a_schedule_describes_itself() -> None:
    schedule = LearningRate(config(schedule="cosine", warmup=0.4), 10)
    assert schedule.get_config() == {"schedule": "cosine"}
