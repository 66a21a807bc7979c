"""An Optuna script on the small data."""

from __future__ import annotations

import re
from typing import Any

import optuna
import pytest

from search.objective import objective
from spaces import Choice, InputError, Integer, SearchSpace
from tests.search.examples import DATA

SPACE = SearchSpace(
    depth=Integer(1, 2),
    width=Choice([4]),
    output_dim=Choice([4]),
    embedding_dim=Choice([4]),
    batch_size=Choice([100]),
    epochs=Choice([2]),
)


def test_a_plain_optuna_study_searches_the_space() -> None:
    study = optuna.create_study(direction="maximize")
    study.optimize(objective(SPACE, DATA, "mrr"), n_trials=2)
    for trial in study.trials:
        assert trial.value == max(trial.intermediate_values.values())
        assert ("width" in trial.params) == (trial.params["depth"] == 2)


def test_a_metric_that_is_not_measured_is_refused() -> None:
    with pytest.raises(InputError, match=r"^metric: must be one of .*mrr.*, got 'parameters'\.$"):
        objective(SPACE, DATA, "parameters")


@pytest.mark.parametrize("directions", [["minimize"], ["maximize", "minimize"]])
def test_a_study_of_another_direction_is_refused_before_it_trains(directions: list[Any]) -> None:
    study = optuna.create_study(directions=directions)
    message = (
        rf"^direction: must be 'maximize' alone for mrr, got {re.escape(str(directions))}; "
        r"optuna\.create_study\(direction='maximize'\)\.$"
    )
    with pytest.raises(InputError, match=message):
        study.optimize(objective(SPACE, DATA, "mrr"), n_trials=1)
    assert study.trials[0].params == {}


def test_the_studys_pruner_is_obeyed() -> None:
    pruner = optuna.pruners.ThresholdPruner(lower=1.1)
    study = optuna.create_study(direction="maximize", pruner=pruner)
    study.optimize(objective(SPACE, DATA, "mrr"), n_trials=1)
    assert study.trials[0].state == optuna.trial.TrialState.PRUNED
    assert list(study.trials[0].intermediate_values) == [1]


def test_what_goes_wrong_in_the_model_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(self: Any, epoch: int) -> float:
        raise MemoryError("no room")

    monkeypatch.setattr("search.training.trainer.Trainer.train_epoch", breaks)
    study = optuna.create_study(direction="maximize")
    with pytest.raises(RuntimeError, match=r"MemoryError: no room"):
        study.optimize(objective(SPACE, DATA, "mrr"), n_trials=1)
