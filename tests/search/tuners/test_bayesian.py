from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from search.tuners.bayesian import BayesianOracle

# isort: split
from keras_tuner import HyperParameters, Objective, oracles
from keras_tuner.engine.trial import Trial


def _oracle(kind: Any, seed: int) -> Any:
    """An oracle that has seen 20 random points of a hill in three dimensions."""
    hp = HyperParameters()
    for name in "abc":
        hp.Float(name, 0.0, 1.0)
    oracle = kind(objective=Objective("value", "max"), hyperparameters=hp, seed=seed)
    for number, point in enumerate(np.random.default_rng(seed).random((20, 3))):
        space = oracle.get_space()
        space.values = dict(zip("abc", point.tolist(), strict=True))
        trial = Trial(space, str(number), "COMPLETED")
        trial.score = -float(np.sum((point - 0.6) ** 2))
        oracle.trials[trial.trial_id] = trial
    return oracle


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("seed", [1, 3])
def test_the_bound_is_as_low_as_where_kerastuner_finds_it_lowest(seed: int) -> None:
    ours, theirs = (
        _oracle(kind, seed) for kind in (BayesianOracle, oracles.BayesianOptimizationOracle)
    )
    points = [list(oracle.populate_space("20")["values"].values()) for oracle in (ours, theirs)]
    mean, deviation = theirs.gpr.predict(np.array(points), return_std=True)
    bounds = mean - theirs.beta * deviation
    assert bounds[0] <= bounds[1] + 1e-4


def test_points_are_random_until_there_are_three_for_each_parameter() -> None:
    oracle = _oracle(BayesianOracle, 1)
    for number in range(8, 20):
        del oracle.trials[str(number)]
    assert oracle.populate_space("8")["status"] == "RUNNING"
    assert not hasattr(oracle.gpr, "X_train_")
    oracle = _oracle(BayesianOracle, 1)
    oracle.populate_space("20")
    assert len(oracle.gpr.X_train_) == 20
