from __future__ import annotations

import numpy as np
import pytest

from search.baselines.neighbours import item_knn
from tests.search.baselines.folds import fold_of

# Candidate 0 is taken by users 0, 1 and 2; 1 by 0 and 1; 2 by 2; 3 by nobody.
FOLD = fold_of([(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 2)])
NEAR, FAR = 2 / np.sqrt(3 * 2), 1 / np.sqrt(3 * 1)


def test_a_candidate_scores_its_cosines_with_what_the_user_took() -> None:
    scores = item_knn(FOLD)(0.0, 100)
    assert scores[0] == pytest.approx([NEAR, NEAR, FAR, 0.0])
    assert scores[2] == pytest.approx([FAR, NEAR, FAR, 0.0])


def test_only_the_nearest_neighbours_of_a_candidate_count() -> None:
    assert item_knn(FOLD)(0.0, 1)[2] == pytest.approx([0.0, NEAR, FAR, 0.0])


def test_shrinking_lowers_what_few_users_back() -> None:
    assert item_knn(FOLD)(1.0, 100)[2, 1] == pytest.approx(2 / (np.sqrt(3 * 2) + 1))
