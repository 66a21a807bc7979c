from __future__ import annotations

from typing import Any

import keras_tuner
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spaces import Choice, Integer, Real, SearchSpace, at_least
from spaces.conditions import Value
from spaces.keras_tuner import hyperparameters, values
from tests.spaces.strategies import configs, spaces

SPACE = SearchSpace(
    width=Integer(32, 128, step=32).when(depth=at_least(2), optimizer="sgd"),
    depth=Integer(1, 3),
    optimizer=Choice(["adam", "sgd"]),
    nesterov=Choice([False, True]).when(optimizer="sgd"),
    momentum=Real(0.1, 0.9, log=True).when(nesterov=True),
)


def test_parents_are_registered_first() -> None:
    assert [item.name for item in hyperparameters(SPACE).space] == list(SPACE.order)


def test_the_first_values_of_what_acts_are_set() -> None:
    hp = hyperparameters(SPACE)
    assert hp.values == {"depth": 1, "optimizer": "adam"}
    assert values(hp, SPACE) == {"depth": 1, "optimizer": "adam"}


def test_two_independent_parents_make_a_conjunction() -> None:
    hp = hyperparameters(SPACE)
    for depth, optimizer, active in [(1, "sgd", False), (2, "adam", False), (2, "sgd", True)]:
        hp.values = {"depth": depth, "optimizer": optimizer}
        assert hp.is_active("width") == active


def test_values_come_back_in_the_types_of_the_space() -> None:
    hp = hyperparameters(SPACE)
    hp.values = {"depth": 1, "optimizer": "sgd", "nesterov": 1, "momentum": 0.5}
    config = values(hp, SPACE)
    assert config == {"depth": 1, "optimizer": "sgd", "nesterov": True, "momentum": 0.5}
    assert config["nesterov"] is True


def test_values_past_the_end_of_a_log_scale_are_brought_back() -> None:
    space = SearchSpace(n=Integer(1, 8, log=True))
    hp = hyperparameters(space)
    hp.values = {"n": hp.space[0].prob_to_value(1.0)}
    assert hp.values == {"n": 9}
    assert values(hp, space) == {"n": 8}


def test_a_stepped_real_keeps_its_last_value() -> None:
    space = SearchSpace(share=Real(0, 1, step=0.1))
    assert list(hyperparameters(space).space[0].values) == list(space["share"].grid())


@pytest.mark.parametrize(
    "oracle",
    [keras_tuner.oracles.RandomSearchOracle, keras_tuner.oracles.GridSearchOracle],
)
def test_what_an_oracle_proposes_is_inside(oracle: Any) -> None:
    hp = hyperparameters(SPACE)
    algorithm = oracle(
        objective=keras_tuner.Objective("value", "max"), max_trials=20, hyperparameters=hp, seed=3
    )
    for number in range(20):
        proposal = algorithm.populate_space(str(number))
        if proposal["status"] != "RUNNING":
            break
        trial_hp = hp.copy()
        trial_hp.values = proposal["values"]
        assert SPACE.why_not(values(trial_hp, SPACE)) is None


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_keras_tuner_accepts_what_the_space_accepts(data: st.DataObject) -> None:
    space = data.draw(spaces())
    config = data.draw(configs(space))
    assert _accepts(space, config) == (space.why_not(config) is None)


def _accepts(space: SearchSpace, config: dict[str, Value]) -> bool:
    """Whether the values are those of the active hyperparameters, each within its own."""
    hp = hyperparameters(space)
    hp.values = dict(config)
    active = [item for item in hp.space if hp.is_active(item)]
    return {item.name for item in active} == set(config) and all(
        _holds(item, config[item.name]) for item in active
    )


def _holds(item: Any, value: Any) -> bool:
    if isinstance(item, keras_tuner.engine.hyperparameters.Choice):
        return value in item.values
    inside = item.min_value <= value <= item.max_value
    return bool(inside and (item.step is None or (value - item.min_value) % item.step == 0))
