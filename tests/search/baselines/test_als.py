from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from search.baselines import als
from search.baselines.als import implicit_als
from tests.search.baselines.folds import fold_of

TAKEN = [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (2, 3), (3, 0), (3, 3)]


def _cost(users: Any, candidates: Any, unobserved: float, l2: float) -> float:
    """What the factors are to minimise, summed pair by pair."""
    taken = fold_of(TAKEN).matrix.toarray()
    scores = users @ candidates.T
    total = ((1 - scores) ** 2 * taken).sum() + unobserved * (scores**2).sum()
    for side, counts in ((users, taken.sum(1)), (candidates, taken.sum(0))):
        total += (l2 * (counts + unobserved * 4) * (side**2).sum(1)).sum()
    return float(total)


@pytest.mark.parametrize("factors", [2, 3])
def test_each_step_finds_the_factors_of_least_cost(factors: int) -> None:
    matrix = fold_of(TAKEN).matrix
    rng = np.random.default_rng(0)
    candidates = rng.normal(size=(4, factors))
    users = als._solved(matrix, candidates, 0.2, 0.05)
    least = _cost(users, candidates, 0.2, 0.05)
    for _ in range(20):
        assert _cost(users + rng.normal(0, 0.01, users.shape), candidates, 0.2, 0.05) > least


def test_a_pair_of_users_with_common_taste_shares_what_one_of_them_took() -> None:
    fold = fold_of([(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 3), (3, 3)])
    scores = implicit_als(fold)(0.1, 0.03)
    assert scores[0, 2] > scores[0, 3] + 0.1


def test_who_took_nothing_scores_nothing() -> None:
    fold = fold_of([(0, 0), (2, 1)])
    assert implicit_als(fold)(0.1, 0.03)[1] == pytest.approx([0.0] * 4)
