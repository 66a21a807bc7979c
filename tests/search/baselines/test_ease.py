from __future__ import annotations

import numpy as np
import pytest

from search.baselines.ease import ease
from tests.search.baselines.folds import fold_of


@pytest.mark.parametrize(("users", "candidates"), [(12, 7), (7, 12)])
def test_scores_are_those_of_the_closed_form_of_the_paper(users: int, candidates: int) -> None:
    rng = np.random.default_rng(0)
    taken = rng.random((users, candidates)) < 0.4
    taken[-1] = True  # so that every user and candidate is there
    fold = fold_of([(int(u), int(c)) for u, c in np.argwhere(taken)], n_candidates=candidates)
    x = fold.matrix.toarray().astype(float)
    inverse = np.linalg.inv(x.T @ x + 3.0 * np.eye(candidates))
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    assert ease(fold)(3.0) == pytest.approx(x @ weights, abs=1e-5)
