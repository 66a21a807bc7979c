from __future__ import annotations

import re

import pytest

from spaces import (
    PRESETS,
    Choice,
    InputError,
    Integer,
    Parameter,
    Real,
    SearchSpace,
    TowerConfig,
    at_least,
    for_model,
)
from spaces.model import DEFAULTS, MODEL

SPLITS: list[dict[str, Parameter]] = [
    {"query_depth": Integer(1, 3)},
    {"candidate_depth": Choice([1, 4])},
    {"query_width": Choice([8, 16])},
    {"candidate_taper": Choice(["constant", "halving"])},
    {"query_activation": Choice(["tanh"])},
]


def test_every_default_is_in_its_domain() -> None:
    assert {name: MODEL[name].why_not(value) for name, value in DEFAULTS.items()} == dict.fromkeys(
        MODEL
    )


def test_every_parameter_states_the_conditions_of_its_parents() -> None:
    for parameter in MODEL.values():
        conditions = dict(parameter.conditions)
        for parent in conditions:
            assert dict(MODEL[parent].conditions).items() <= conditions.items()


def test_the_models_conditions_are_added() -> None:
    space = for_model(SearchSpace(width=Choice([8, 16]), depth=Integer(1, 4)))
    assert space == SearchSpace(width=Choice([8, 16]).when(depth=at_least(2)), depth=Integer(1, 4))


def test_the_users_conditions_are_kept() -> None:
    own = SearchSpace(
        depth=Integer(1, 4),
        width=Choice([8, 16]).when(depth=at_least(3)),
        dropout=Real(0.0, 0.5).when(depth=[3, 4]),
    )
    assert for_model(own) == own


def test_a_condition_on_a_default_is_settled() -> None:
    own = SearchSpace(width=Choice([8, 16]), beta_1=Real(0.8, 0.95))
    assert for_model(own) == own


@pytest.mark.parametrize("name", PRESETS)
def test_a_space_for_the_model_stays_as_it_is(name: str) -> None:
    assert for_model(PRESETS[name].space) == PRESETS[name].space


def test_a_depth_of_its_own_gives_each_tower_its_whole_shape() -> None:
    space = for_model(
        SearchSpace(depth=Integer(1, 2), width=Choice([8, 16]), query_depth=Integer(1, 4))
    )
    assert space == SearchSpace(
        candidate_depth=Integer(1, 2),
        query_width=Choice([8, 16]).when(query_depth=at_least(2)),
        candidate_width=Choice([8, 16]).when(candidate_depth=at_least(2)),
        query_depth=Integer(1, 4),
    )


def test_a_width_of_its_own_splits_the_width_alone() -> None:
    space = for_model(
        SearchSpace(depth=Integer(1, 2), width=Choice([8, 16]), query_width=Choice([4]))
    )
    assert space == SearchSpace(
        depth=Integer(1, 2),
        candidate_width=Choice([8, 16]).when(depth=at_least(2)),
        query_width=Choice([4]).when(depth=at_least(2)),
    )


def test_the_users_conditions_follow_the_split() -> None:
    space = for_model(
        SearchSpace(
            depth=Integer(1, 4),
            width=Choice([8, 16]).when(depth=at_least(3)),
            query_depth=Choice([4]),
        )
    )
    assert space["query_width"] == Choice([8, 16]).when(query_depth=at_least(3))
    assert space["candidate_width"] == Choice([8, 16]).when(candidate_depth=at_least(3))


@pytest.mark.parametrize("name", PRESETS)
def test_the_model_takes_what_a_preset_samples(name: str) -> None:
    for seed in range(200):
        config = PRESETS[name].space.sample(seed)
        assert config.items() <= TowerConfig(**config).as_dict().items()


@pytest.mark.parametrize("own", SPLITS, ids=str)
@pytest.mark.parametrize("name", ["towers", "depth", "full"])
def test_the_model_takes_what_a_split_preset_samples(name: str, own: dict[str, Parameter]) -> None:
    space = for_model(PRESETS[name].space.replace(**own))
    for seed in range(50):
        config = space.sample(seed)
        assert config.items() <= TowerConfig(**config).as_dict().items()


@pytest.mark.parametrize("own", [{}, *SPLITS], ids=str)
def test_the_whole_model_is_sampled_and_resolved_alike(own: dict[str, Parameter]) -> None:
    space = for_model(MODEL.replace(**own))
    for seed in range(50):
        config = space.sample(seed)
        assert config == TowerConfig(**config).as_dict()


def test_a_copy_that_could_never_act_is_left_out() -> None:
    space = for_model(
        SearchSpace(query_depth=Choice([1]), depth=Integer(1, 3), width=Choice([8, 16]))
    )
    assert list(space) == ["query_depth", "candidate_depth", "candidate_width"]


@pytest.mark.parametrize(
    ("space", "sentence"),
    [
        (
            SearchSpace(widht=Choice([8])),
            "widht: no such parameter of the model; did you mean 'width'?",
        ),
        (
            SearchSpace(query_dropout=Choice([0.1])),
            "query_dropout: no such parameter of the model; did you mean 'query_depth'?",
        ),
        (
            SearchSpace(depth=Integer(0, 3)),
            "depth: must be a whole number from 1 to 16, got 0.",
        ),
        (
            SearchSpace(depth=Real(1, 3)),
            "depth: must be a whole number from 1 to 16, got 1.0.",
        ),
        (
            SearchSpace(optimizer=Choice(["adam", "lion"])),
            "optimizer: must be one of 'adagrad', 'adam', 'adamw', 'sgd' or 'rmsprop', got 'lion'.",
        ),
        (
            SearchSpace(momentum=Real(0.0, 0.9)),
            (
                "momentum: can never act, as it needs optimizer to be 'sgd', but optimizer is not "
                "in the space and 'adam' by default."
            ),
        ),
        (
            SearchSpace(momentum=Real(0.0, 0.9), optimizer=Choice(["adam", "adagrad"])),
            (
                "momentum: can never act, as it needs optimizer to be 'sgd', "
                "but optimizer is one of 'adam' or 'adagrad'."
            ),
        ),
        (
            SearchSpace(width=Choice([8]), depth=Choice([1])),
            "width: can never act, as it needs depth to be at least 2, but depth is 1.",
        ),
        (
            SearchSpace(width=Choice([8]), query_depth=Choice([1]), depth=Choice([1])),
            (
                "query_width: can never act, as it needs query_depth to be at least 2, "
                "but query_depth is 1."
            ),
        ),
        (
            SearchSpace(
                depth=Integer(1, 2), query_depth=Integer(1, 2), candidate_depth=Integer(1, 2)
            ),
            "depth: acts nowhere, as both towers have their own; leave it out.",
        ),
        (
            SearchSpace(
                depth=Integer(1, 2), query_depth=Choice([1]), l2=Real(0, 1).when(depth=at_least(2))
            ),
            "l2: its condition needs 'depth' in the space; did you mean 'query_depth'?",
        ),
    ],
)
def test_what_the_model_cannot_take_is_refused(space: SearchSpace, sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        for_model(space)
