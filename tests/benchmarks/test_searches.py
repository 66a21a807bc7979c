from __future__ import annotations

import numpy as np
import pytest

from benchmarks.searches.records import Recorded, read, spec
from benchmarks.searches.replay import Search, replay
from benchmarks.searches.surrogate import Surrogate


@pytest.fixture(scope="module")
def trials() -> list[Recorded]:
    return read()[:100]


@pytest.fixture(scope="module")
def model(trials: list[Recorded]) -> Surrogate:
    return Surrogate(spec().space, trials)


def test_every_recorded_trial_lies_in_the_space_that_is_searched() -> None:
    space = spec().space
    assert {space.why_not(trial.params) for trial in read()} == {None}


def test_the_surrogate_gives_the_curves_that_it_was_shown(
    model: Surrogate, trials: list[Recorded]
) -> None:
    shown = [trial for trial in trials if trial.curve]
    curves = np.array([trial.curve for trial in shown])
    found = model.curves([trial.params for trial in shown])
    assert found.shape == curves.shape
    assert np.abs(found - curves).mean() < 0.25 * curves.std()


def test_the_surrogate_is_judged_on_trials_that_it_was_not_shown(model: Surrogate) -> None:
    assert 0.6 < model.rank_correlation(shuffles=1) < 0.99


@pytest.mark.parametrize("tuner", ["optuna.random", "keras_tuner.hyperband"])
def test_a_search_spends_the_epochs_it_is_given(model: Surrogate, tuner: str) -> None:
    study = spec(tuner=tuner, pruner="none", trials=6, seed=1)
    search = replay(study, model, 5 * model.epochs)
    assert len(search.best) == 5 * model.epochs
    assert search.best == sorted(search.best)


def test_epochs_are_counted_until_the_best_is_as_good() -> None:
    search = Search([0.1, 0.1, 0.3, 0.3])
    assert [search.epochs_to(value) for value in (0.05, 0.3, 0.4)] == [1, 3, None]
