from __future__ import annotations

import pytest
from optuna.trial import TrialState, create_trial

from search.tuners.scores import score


def test_a_completed_trial_is_worth_its_value() -> None:
    assert score(create_trial(value=0.3, intermediate_values={1: 0.9})) == 0.3


def test_a_pruned_trial_is_worth_the_last_that_it_reported() -> None:
    reports = {4: 0.2, 2: 0.9}
    assert score(create_trial(state=TrialState.PRUNED, intermediate_values=reports)) == 0.2
    assert score(create_trial(state=TrialState.PRUNED)) is None


def test_a_failed_trial_is_worth_nothing() -> None:
    assert score(create_trial(state=TrialState.FAIL, intermediate_values={1: 0.5})) is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_value_that_is_not_finite_is_none(value: float) -> None:
    trial = create_trial(value=0.0)
    trial.values = [value]
    assert score(trial) is None
