from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from reports.statistics import (
    accuracy_error,
    quantile,
    rank_correlation,
    rank_correlation_interval,
)

NUMBERS = st.floats(-1e6, 1e6)


def test_the_median_of_an_even_number_lies_halfway() -> None:
    assert quantile([1, 2, 3, 4], 0.5) == 2.5


def test_a_quartile_of_four_lies_halfway_between_the_first_two() -> None:
    assert quantile([1, 2, 3, 4], 0.25) == 1.5


@given(st.lists(NUMBERS, min_size=1, max_size=20), st.floats(0, 1))
def test_quantiles_follow_hazen(values: list[float], share: float) -> None:
    expected = np.quantile(values, share, method="hazen")
    assert quantile(sorted(values), share) == pytest.approx(expected, abs=1e-6)


def test_a_rising_relation_has_rank_correlation_one() -> None:
    assert rank_correlation([1, 2, 3], [0.1, 0.4, 9]) == pytest.approx(1)


def test_a_constant_side_has_no_rank_correlation() -> None:
    assert rank_correlation([1, 1, 1], [1, 2, 3]) is None
    assert rank_correlation([], []) is None


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 50)), min_size=3, max_size=30))
def test_rank_correlation_with_ties_is_spearmans(pairs: list[tuple[int, int]]) -> None:
    xs, ys = zip(*pairs, strict=True)
    if len({*xs}) > 1 and len({*ys}) > 1:
        assert rank_correlation(xs, ys) == pytest.approx(spearmanr(xs, ys).statistic)


def test_the_interval_is_that_of_bonett_and_wright() -> None:
    # atanh(0.5) = 0.549306; sqrt((1 + 0.125) / 45) * 1.959964 = 0.309898
    low, high = rank_correlation_interval(0.5, 48)
    assert low == pytest.approx(math.tanh(0.549306 - 0.309898), abs=1e-5)
    assert high == pytest.approx(math.tanh(0.549306 + 0.309898), abs=1e-5)


@given(st.floats(-1, 1), st.integers(4, 10_000))
def test_the_interval_holds_the_correlation(correlation: float, n: int) -> None:
    low, high = rank_correlation_interval(correlation, n)
    assert -1 <= low <= correlation + 1e-5
    assert correlation - 1e-5 <= high <= 1


def test_the_error_of_one_half_of_a_hundred_is_a_twentieth() -> None:
    assert accuracy_error(0.5, 100) == 0.05


def test_a_share_of_nothing_known_and_one_of_zero_or_all_have_no_error() -> None:
    assert [accuracy_error(0.5, None), accuracy_error(0.0, 9), accuracy_error(1.0, 9)] == [None] * 3
