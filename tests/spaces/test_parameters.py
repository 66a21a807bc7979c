from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spaces import Choice, InputError, Integer, Parameter, Real, at_least
from tests.spaces.strategies import parameters


def test_an_integer_grid_goes_from_low_to_high() -> None:
    assert list(Integer(1, 4).grid()) == [1, 2, 3, 4]
    assert list(Integer(32, 96, step=32).grid()) == [32, 64, 96]


def test_a_real_grid_is_even_on_its_scale() -> None:
    assert Real(0.0, 1.0).grid(5) == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert Real(1e-4, 1.0, log=True).grid(5) == pytest.approx((1e-4, 1e-3, 1e-2, 1e-1, 1.0))


def test_a_real_grid_has_its_exact_ends() -> None:
    assert Real(1e-4, 0.5, log=True).grid(7)[::6] == (1e-4, 0.5)


def test_a_stepped_real_grid_has_no_rounding_errors() -> None:
    assert Real(0.0, 1.0, step=0.1).grid() == (
        0.0,
        0.1,
        0.2,
        0.3,
        0.4,
        0.5,
        0.6,
        0.7,
        0.8,
        0.9,
        1.0,
    )


def test_a_real_of_whole_ends_is_one_of_floats() -> None:
    assert Real(0, 1) == Real(0.0, 1.0)
    assert type(Real(0, 1).low) is float


@given(parameters(), st.integers(0, 1000))
@settings(max_examples=100, deadline=None)
def test_what_is_sampled_or_on_the_grid_is_inside(parameter: Parameter, seed: int) -> None:
    assert parameter.why_not(parameter.sample(np.random.default_rng(seed))) is None
    assert [parameter.why_not(value) for value in parameter.grid(7)] == [None] * len(
        parameter.grid(7)
    )


def test_log_samples_are_even_over_the_decades() -> None:
    rng = np.random.default_rng(0)
    real = [Real(1e-3, 1.0, log=True).sample(rng) for _ in range(3000)]
    assert np.histogram(np.log10(real), bins=3, range=(-3, 0))[0] == pytest.approx(1000, abs=100)


def test_log_integer_samples_follow_the_log_scale() -> None:
    rng = np.random.default_rng(0)
    drawn = [Integer(1, 3, log=True).sample(rng) for _ in range(4000)]
    total = math.log(3.5 / 0.5)
    shares = [math.log(1.5 / 0.5) / total, math.log(2.5 / 1.5) / total, math.log(3.5 / 2.5) / total]
    assert [drawn.count(value) / 4000 for value in (1, 2, 3)] == pytest.approx(shares, abs=0.03)


def test_linear_samples_reach_every_value() -> None:
    rng = np.random.default_rng(0)
    assert {Integer(1, 9, step=4).sample(rng) for _ in range(99)} == {1, 5, 9}
    assert {Choice(["x", "y"]).sample(rng) for _ in range(99)} == {"x", "y"}
    assert {Real(0, 0.3, step=0.1).sample(rng) for _ in range(99)} == {0.0, 0.1, 0.2, 0.3}


def test_when_gathers_conditions_in_any_order() -> None:
    one = Integer(1, 2).when(optimizer="sgd").when(depth=at_least(2))
    other = Integer(1, 2).when(depth=at_least(2), optimizer=["sgd"])
    assert one == other


def test_when_twice_on_a_parent_keeps_what_both_allow() -> None:
    parameter = Integer(1, 2).when(depth=[1, 2, 3]).when(depth=at_least(2))
    assert parameter == Integer(1, 2).when(depth=[2, 3])


@pytest.mark.parametrize(
    ("parameter", "value", "fault"),
    [
        (Integer(1, 4), 5, "must be a whole number from 1 to 4, got 5"),
        (Integer(1, 4), 2.0, "must be a whole number from 1 to 4, got 2.0"),
        (Integer(1, 4), True, "must be a whole number from 1 to 4, got True"),
        (Integer(0, 4, step=2), 3, "must be a whole number from 0 to 4 in steps of 2, got 3"),
        (Real(0.1, 0.5), 0.6, "must be a number from 0.1 to 0.5, got 0.6"),
        (Real(0.1, 0.5), math.nan, "must be a number from 0.1 to 0.5, got nan"),
        (Real(0.1, 0.5), False, "must be a number from 0.1 to 0.5, got False"),
        (
            Real(0.0, 0.5, step=0.1),
            0.25,
            "must be a number from 0.0 to 0.5 in steps of 0.1, got 0.25",
        ),
        (Choice(["adam", "sgd"]), "adm", "must be one of 'adam' or 'sgd', got 'adm'"),
        (Choice([1, 2]), True, "must be one of 1 or 2, got True"),
        (Choice([True, False]), 1, "must be one of True or False, got 1"),
        (Choice([0.5]), 1, "must be 0.5, got 1"),
    ],
)
def test_what_is_outside_is_said_in_words(parameter: Parameter, value: object, fault: str) -> None:
    assert parameter.why_not(value) == fault


def test_a_stepped_real_takes_sums_of_its_step() -> None:
    assert Real(0.0, 1.0, step=0.1).why_not(0.1 + 0.1 + 0.1) is None


def test_a_real_takes_a_whole_number() -> None:
    assert Real(0.0, 2.0).why_not(1) is None


def test_a_real_grid_needs_a_resolution() -> None:
    sentence = "a grid needs countable values, got a number from 0.0 to 1.0; give it a step."
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        Real(0, 1).grid()


def test_a_resolution_of_one_is_refused() -> None:
    with pytest.raises(InputError, match=r"^a grid needs a resolution of at least 2, got 1\.$"):
        Real(0, 1).grid(1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((4, 4), "low must be below high, got low=4, high=4."),
        ((1.0, 4), "low must be a whole number, got 1.0."),
        ((1, True), "high must be a whole number, got True."),
        ((1, 4, 0), "step must be at least 1, got step=0."),
        ((1, 4, 2), "step must divide high - low, got low=1, high=4, step=2."),
        ((0, 4, 1, True), "log needs a low above 0, got low=0."),
        ((2, 4, 2, True), "log allows no step, got step=2."),
        ((2, 4, 1, 1), "log must be true or false, got 1."),
    ],
)
def test_an_integer_that_cannot_be_is_refused(arguments: tuple[Any, ...], sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        Integer(*arguments)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((0.1, 0.01), "low must be below high, got low=0.1, high=0.01."),
        (("0", 1), "low must be a finite number, got '0'."),
        ((0, math.inf), "high must be a finite number, got inf."),
        ((math.nan, 1), "low must be a finite number, got nan."),
        ((0, 1, True), "log needs a low above 0, got low=0.0."),
        ((1, 2, True, 0.5), "log allows no step, got step=0.5."),
        ((0, 1, False, -1), "step must be above 0, got step=-1.0."),
        ((0, 1, False, 0.3), "step must divide high - low, got low=0.0, high=1.0, step=0.3."),
    ],
)
def test_a_real_that_cannot_be_is_refused(arguments: tuple[Any, ...], sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        Real(*arguments)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "a choice needs a list of at least one option, got []."),
        ("relu", "a choice needs a list of at least one option, got 'relu'."),
        ([1, 2, 1], "options must differ, got [1, 2, 1]."),
        ([0, 0.1], "options must all be of one type, got float and int in [0, 0.1]."),
        ([None], "options must be text, finite numbers, or true and false, got None."),
        ([math.nan], "options must be text, finite numbers, or true and false, got nan."),
    ],
)
def test_a_choice_that_cannot_be_is_refused(options: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        Choice(options)
