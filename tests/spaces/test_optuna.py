from __future__ import annotations

import warnings

import optuna
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import FixedTrial

from spaces import Choice, Integer, Real, SearchSpace, at_least
from spaces.conditions import Value
from spaces.optuna import distributions, suggest
from tests.spaces.strategies import configs, spaces

SPACE = SearchSpace(
    width=Integer(32, 128, step=32).when(depth=at_least(2)),
    depth=Integer(1, 3),
    heads=Integer(1, 8, log=True),
    rate=Real(1e-4, 0.5, log=True),
    share=Real(0, 1, step=0.1),
    optimizer=Choice(["adam", "sgd"]),
    momentum=Real(0.0, 0.9).when(optimizer="sgd"),
)


def test_every_parameter_has_its_distribution() -> None:
    expected: dict[str, BaseDistribution] = {
        "width": IntDistribution(32, 128, step=32),
        "depth": IntDistribution(1, 3),
        "heads": IntDistribution(1, 8, log=True),
        "rate": FloatDistribution(1e-4, 0.5, log=True),
        "share": FloatDistribution(0.0, 1.0, step=0.1),
        "optimizer": CategoricalDistribution(("adam", "sgd")),
        "momentum": FloatDistribution(0.0, 0.9),
    }
    assert distributions(SPACE) == expected


@pytest.mark.parametrize(
    "sampler",
    [
        optuna.samplers.RandomSampler(seed=1),
        optuna.samplers.TPESampler(seed=1, n_startup_trials=5, multivariate=True),
    ],
)
def test_a_trial_is_suggested_its_active_parameters(sampler: optuna.samplers.BaseSampler) -> None:
    study = optuna.create_study(sampler=sampler)
    for number in range(30):
        trial = study.ask()
        config = suggest(trial, SPACE)
        assert SPACE.why_not(config) is None
        assert trial.params == config
        assert trial.distributions == {name: distributions(SPACE)[name] for name in config}
        study.tell(trial, float(number))


def test_suggestions_have_the_types_of_the_space() -> None:
    space = SearchSpace(a=Choice([True, False]), b=Integer(1, 2), c=Real(1, 2), d=Choice([0.5]))
    config = suggest(optuna.create_study().ask(), space)
    assert [type(value) for value in config.values()] == [bool, int, float, float]


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_optuna_accepts_what_the_space_accepts(data: st.DataObject) -> None:
    space = data.draw(spaces())
    config = data.draw(configs(space))
    assert _accepts(space, config) == (space.why_not(config) is None)


def _accepts(space: SearchSpace, config: dict[str, Value]) -> bool:
    """Whether a trial of these values can be replayed, and no value is left over."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a fixed trial only warns of a value out of range
        try:
            return suggest(FixedTrial(config), space) == config
        except (ValueError, UserWarning):
            return False
