"""Measures from ranks, by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import ndcg_score

from search.training.measures import (
    CUTOFFS,
    OBJECTIVES,
    Ranks,
    by_user,
    measure,
    mrr,
    ndcg,
    top_k_accuracy,
)

RANKS = np.array([0, 1, 3, 9, 10], np.int64)


def test_top_k_accuracy_is_the_share_of_ranks_below_k() -> None:
    assert [top_k_accuracy(RANKS, k) for k in (1, 2, 4, 10, 11)] == [0.2, 0.4, 0.6, 0.8, 1.0]


def test_mrr_is_the_mean_of_one_over_the_rank_from_one() -> None:
    assert mrr(RANKS) == pytest.approx((1 + 1 / 2 + 1 / 4 + 1 / 10 + 1 / 11) / 5)


def test_ndcg_discounts_by_the_binary_logarithm_and_ends_at_k() -> None:
    assert ndcg(np.array([0, 2, 10]), 10) == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert ndcg(np.array([9]), 10) == pytest.approx(1 / np.log2(11))


@settings(max_examples=50, deadline=None)
@given(arrays(np.int64, st.integers(1, 20), elements=st.integers(0, 19)), st.integers(1, 20))
def test_ndcg_is_that_of_scikit_learn(ranks: Ranks, k: int) -> None:
    relevant = np.arange(20) == ranks[:, None]
    scores = np.tile(-np.arange(20.0), (len(ranks), 1))
    assert ndcg(ranks, k) == pytest.approx(ndcg_score(relevant, scores, k=k))


def test_measures_are_named_after_what_they_measure() -> None:
    assert measure(RANKS, 1000) == {
        "top_1_accuracy": 0.2,
        "top_5_accuracy": 0.6,
        "top_10_accuracy": 0.8,
        "top_50_accuracy": 1.0,
        "top_100_accuracy": 1.0,
        "mrr": mrr(RANKS),
        "ndcg_10": ndcg(RANKS, 10),
    }


@pytest.mark.parametrize(("candidates", "largest"), [(100, 50), (101, 100), (50, 10), (2, 1)])
def test_a_cut_off_at_or_above_the_number_of_candidates_is_left_out(
    candidates: int, largest: int
) -> None:
    found = measure(RANKS, candidates)
    assert [k for k in CUTOFFS if f"top_{k}_accuracy" in found] == [
        k for k in CUTOFFS if k <= largest
    ]
    assert ("ndcg_10" in found) == (candidates > 10)


def test_every_measure_and_the_loss_is_an_objective_with_a_direction() -> None:
    assert dict(OBJECTIVES) == {
        **dict.fromkeys(measure(RANKS, 1000), "max"),
        "coverage": "max",
        "loss": "min",
    }


def test_a_measure_by_user_is_the_sum_of_each_user_s_gains() -> None:
    ranks, users = np.array([0, 12, 3, 3, 30]), np.array([7, 2, 2, 7, 5])
    assert by_user("top_10_accuracy", ranks, users) == [1.0, 0.0, 2.0]
    assert by_user("mrr", ranks, users) == pytest.approx([1 / 13 + 1 / 4, 1 / 31, 1 + 1 / 4], 1e-5)
