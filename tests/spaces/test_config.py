from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from spaces import InputError, TowerConfig
from spaces.model import AXES, MODEL, TOWERS

DEFAULTS = {
    "depth": 2,
    "width": 64,
    "taper": "constant",
    "activation": "relu",
    "output_dim": 32,
    "embedding_dim": 32,
    "query_features": "all",
    "candidate_features": "all",
    "dropout": 0.0,
    "id_dropout": 0.0,
    "l2": 0.0,
    "normalize": False,
    "temperature": 1.0,
    "negatives": "in_batch_logq",
    "reduction": "mean",
    "remove_accidental_hits": False,
    "hard_negatives": 0,
    "optimizer": "adam",
    "learning_rate": 0.003,
    "beta_1": 0.9,
    "beta_2": 0.999,
    "schedule": "constant",
    "warmup": 0.0,
    "batch_size": 1024,
    "epochs": 20,
    "validate_every": 1,
    "patience": 3,
}


def test_the_defaults_are_those_of_what_acts() -> None:
    assert list(TowerConfig().as_dict().items()) == list(DEFAULTS.items())


def test_features_are_all_or_those_named() -> None:
    assert TowerConfig().uses("query", "timestamp")
    config = TowerConfig(query_features="user_id+age", candidate_features="all")
    named = [config.uses("query", feature) for feature in ("user_id", "age", "timestamp", "user")]
    assert named == [True, True, False, False]


@pytest.mark.parametrize("given", ["", "user_id+", "user_id+user_id"])
def test_features_are_different_names(given: str) -> None:
    with pytest.raises(InputError, match=r"query_features: must be 'all' or different names"):
        TowerConfig(query_features=given)


def test_the_fields_are_the_parameters_of_the_model() -> None:
    own = {f"{tower}_{axis}" for tower in TOWERS for axis in AXES}
    assert [field.name for field in fields(TowerConfig) if field.name not in own] == list(MODEL)
    assert own < {field.name for field in fields(TowerConfig)}


@pytest.mark.parametrize(
    ("given", "acting"),
    [
        ({"optimizer": "sgd"}, {"momentum": 0.9}),
        ({"optimizer": "rmsprop"}, {"rho": 0.9}),
        ({"optimizer": "adagrad"}, {"initial_accumulator": 0.1}),
        ({"optimizer": "adamw"}, {"weight_decay": 0.004}),
        ({"schedule": "exponential"}, {"decay_rate": 0.1}),
    ],
)
def test_a_choice_brings_the_defaults_of_what_hangs_on_it(
    given: dict[str, Any], acting: dict[str, float]
) -> None:
    new = TowerConfig(**given).as_dict().items() - DEFAULTS.items()
    assert dict(new) == {**given, **acting}


def test_what_does_not_act_is_none() -> None:
    config = TowerConfig(depth=1, negatives="full_softmax")
    assert (config.width, config.taper, config.activation) == (None, None, None)
    assert (config.remove_accidental_hits, config.hard_negatives) == (None, None)
    assert config.momentum is None


def test_none_is_not_given() -> None:
    assert TowerConfig(momentum=None, depth=None) == TowerConfig()


@pytest.mark.parametrize(
    ("given", "sizes"),
    [
        ({"depth": 1}, [32]),
        ({"depth": 3, "width": 128}, [128, 128, 32]),
        ({"depth": 3, "taper": "halving"}, [128, 64, 32]),
        ({"depth": 2, "taper": "halving", "output_dim": 5}, [10, 5]),
    ],
)
def test_the_layers_follow_depth_width_and_taper(given: dict[str, Any], sizes: list[int]) -> None:
    config = TowerConfig(**given)
    assert config.layer_sizes("query") == config.layer_sizes("candidate") == sizes


def test_activation_is_that_of_the_hidden_layers() -> None:
    assert TowerConfig(activation="tanh").activation_of("query") == "tanh"
    assert TowerConfig(depth=1).activation_of("query") is None


def test_a_depth_of_its_own_splits_the_whole_shape() -> None:
    config = TowerConfig(query_depth=3, depth=1, width=48)
    assert config.layer_sizes("query") == [48, 48, 32]
    assert config.layer_sizes("candidate") == [32]
    assert config.depth is None
    assert (config.query_depth, config.candidate_depth) == (3, 1)
    assert (config.query_activation, config.candidate_activation) == ("relu", None)


def test_a_width_of_its_own_splits_the_width_alone() -> None:
    config = TowerConfig(query_width=16)
    assert config.layer_sizes("query") == [16, 32]
    assert config.layer_sizes("candidate") == [64, 32]
    assert (config.depth, config.width, config.taper) == (2, None, "constant")


def test_a_taper_of_its_own_splits_the_width_that_hangs_on_it() -> None:
    config = TowerConfig(query_taper="halving", depth=3)
    assert config.layer_sizes("query") == [128, 64, 32]
    assert config.layer_sizes("candidate") == [64, 64, 32]
    assert (config.query_width, config.candidate_width) == (None, 64)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"depth": 1, "optimizer": "sgd"},
        {"query_depth": 3, "candidate_width": 8},
        {"candidate_activation": "tanh"},
    ],
)
def test_the_dictionary_makes_the_same_configuration(given: dict[str, Any]) -> None:
    config = TowerConfig(**given)
    assert TowerConfig(**config.as_dict()) == config


def test_whole_numbers_become_floats_where_the_model_has_floats() -> None:
    assert type(TowerConfig(dropout=0).dropout) is float


def test_a_configuration_cannot_be_changed() -> None:
    config = TowerConfig()
    with pytest.raises(FrozenInstanceError):
        config.depth = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"widht": 3}, "widht: no such parameter of the model; did you mean 'width'?"),
        (
            {"momentum": 0.5},
            "momentum: only acts where optimizer is 'sgd', got optimizer='adam'; leave it out.",
        ),
        (
            {"depth": 1, "width": 8},
            "width: only acts where depth is at least 2, got depth=1; leave it out.",
        ),
        (
            {"taper": "halving", "width": 8},
            "width: only acts where taper is 'constant', got taper='halving'; leave it out.",
        ),
        (
            {"negatives": "full_softmax", "hard_negatives": 5},
            (
                "hard_negatives: only acts where negatives is one of 'in_batch' or "
                "'in_batch_logq', got negatives='full_softmax'; leave it out."
            ),
        ),
        (
            {"decay_rate": 0.5},
            (
                "decay_rate: only acts where schedule is 'exponential', got schedule='constant'; "
                "leave it out."
            ),
        ),
        ({"depth": 0}, "depth: must be a whole number from 1 to 16, got 0."),
        ({"depth": "2"}, "depth: must be a whole number from 1 to 16, got '2'."),
        ({"dropout": 0.96}, "dropout: must be a number from 0.0 to 0.95, got 0.96."),
        ({"dropout": True}, "dropout: must be a number from 0.0 to 0.95, got True."),
        ({"temperature": 0.0}, "temperature: must be a number from 0.0001 to 10000.0, got 0.0."),
        ({"warmup": 0.6}, "warmup: must be a number from 0.0 to 0.5, got 0.6."),
        ({"normalize": 1}, "normalize: must be one of False or True, got 1."),
        ({"reduction": "max"}, "reduction: must be one of 'mean' or 'sum', got 'max'."),
        (
            {"depth": 1, "query_depth": 2, "candidate_depth": 3},
            "depth: acts nowhere, as both towers have their own; leave it out.",
        ),
        (
            {"query_depth": 1, "query_taper": "halving"},
            (
                "query_taper: only acts where query_depth is at least 2, got query_depth=1; "
                "leave it out."
            ),
        ),
        (
            {"query_depth": 1, "depth": 1, "width": 8},
            (
                "query_width: only acts where query_depth is at least 2, got query_depth=1; "
                "leave it out."
            ),
        ),
    ],
)
def test_what_a_configuration_cannot_be_is_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        TowerConfig(**given)
