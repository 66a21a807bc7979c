from __future__ import annotations

import numpy as np

from search.baselines.popularity import most_popular, most_popular_of_late, random_order
from tests.search.baselines.folds import fold_of

PAIRS = [(0, 1), (1, 1), (2, 1), (0, 3), (1, 3), (2, 0)]


def test_the_most_popular_come_first_for_everyone_ties_in_the_catalogue_s_order() -> None:
    fold = fold_of(PAIRS, [(0, 1), (1, 3), (2, 0), (0, 2)])
    assert fold.ranks(most_popular(fold)()).tolist() == [0, 1, 2, 3]
    alike = fold_of([(0, 0), (0, 1), (0, 2), (0, 3)], [(0, 2), (0, 0)])
    assert alike.ranks(most_popular(alike)()).tolist() == [2, 0]


def test_what_a_user_has_seen_moves_the_rest_up() -> None:
    fold = fold_of(PAIRS, [(0, 0), (2, 3)], exclude_seen=True)
    assert fold.ranks(most_popular(fold)()).tolist() == [0, 0]


def test_of_late_only_the_last_share_of_the_training_rows_counts() -> None:
    fold = fold_of(PAIRS, [(0, 3), (0, 0), (0, 1)], times=[1, 2, 3, 5, 6, 7])
    scores = most_popular_of_late(fold)(0.5)  # candidates 3, 3 and 0
    assert fold.ranks(scores).tolist() == [0, 1, 2]


def test_a_random_order_is_each_user_s_own_and_always_the_same() -> None:
    fold = fold_of(PAIRS, n_candidates=200)
    scores = random_order(fold)()
    assert not np.array_equal(np.argsort(scores[0]), np.argsort(scores[1]))
    assert np.array_equal(scores, random_order(fold)())
