"""A KerasTuner script on the small data, with KerasTuner's own oracles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.hypermodel import TwoTowerHyperModel, TwoTowerTuner
from spaces import Choice, InputError, Integer, Real, SearchSpace, TowerConfig
from tests.search.examples import DATA

# isort: split
import keras_tuner

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # KerasTuner's threads

SPACE = SearchSpace(
    depth=Integer(1, 2),
    width=Choice([4, 8]),
    learning_rate=Real(0.001, 0.1, log=True),
    output_dim=Choice([4]),
    embedding_dim=Choice([4]),
    batch_size=Choice([100]),
    epochs=Choice([3]),
)


def _searched(kind: Any, folder: Path, **settings: Any) -> Any:
    hypermodel = TwoTowerHyperModel(SPACE, DATA, "mrr")
    oracle = kind(objective=hypermodel.objective, seed=1, **settings)
    tuner = TwoTowerTuner(oracle, hypermodel, directory=folder, overwrite=True)
    tuner.search(verbose=0)
    return tuner


@pytest.mark.parametrize(
    "kind", [keras_tuner.oracles.RandomSearchOracle, keras_tuner.oracles.BayesianOptimizationOracle]
)
def test_an_oracle_of_kerastuners_searches_the_space(kind: Any, tmp_path: Path) -> None:
    tuner = _searched(kind, tmp_path, max_trials=2)
    trials = list(tuner.oracle.trials.values())
    assert [trial.status for trial in trials] == ["COMPLETED"] * 2
    best, other = tuner.oracle.get_best_trials(2)
    assert best.score >= other.score > 0
    assert best.metrics.exists("top_5_accuracy")
    assert isinstance(tuner.hypermodel.config(best.hyperparameters), TowerConfig)


def test_what_only_a_keras_model_would_obey_is_refused(tmp_path: Path) -> None:
    hypermodel = TwoTowerHyperModel(SPACE, DATA, "mrr")
    oracle = keras_tuner.oracles.RandomSearchOracle(objective=hypermodel.objective, max_trials=1)
    tuner = TwoTowerTuner(oracle, hypermodel, directory=tmp_path)
    with pytest.raises(InputError) as raised:
        tuner.search(epochs=2, callbacks=[])
    assert str(raised.value) == (
        "search: must be given no argument but verbose, got epochs, callbacks; data belong to "
        "TwoTowerHyperModel, epochs, patience and batch_size to its space."
    )


def test_the_best_model_comes_back_with_its_trained_weights(tmp_path: Path) -> None:
    tuner = _searched(keras_tuner.oracles.RandomSearchOracle, tmp_path, max_trials=1)
    (model,) = tuner.get_best_models()
    fresh = tuner.hypermodel.build(tuner.get_best_hyperparameters()[0])
    pairs = zip(model.trainable_variables, fresh.trainable_variables, strict=True)
    assert not all(np.array_equal(trained, new) for trained, new in pairs)


def test_hyperbands_promotions_go_on_from_their_parents(tmp_path: Path) -> None:
    tuner = _searched(keras_tuner.oracles.HyperbandOracle, tmp_path, max_epochs=3)
    trials = tuner.oracle.trials
    children = [trial for trial in trials.values() if "tuner/trial_id" in trial.hyperparameters]
    assert children
    for child in children:
        parent = trials[child.hyperparameters.values["tuner/trial_id"]]
        assert child.score >= parent.score  # its curve begins with its parent's


def test_a_model_that_cannot_be_trained_is_a_failed_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(self: Any, epoch: int) -> float:
        raise MemoryError("no room")

    monkeypatch.setattr("search.training.trainer.Trainer.train_epoch", breaks)
    tuner = _searched(keras_tuner.oracles.RandomSearchOracle, tmp_path, max_trials=1)
    (trial,) = tuner.oracle.trials.values()
    assert trial.status == "FAILED"
    assert "MemoryError: no room" in trial.message
