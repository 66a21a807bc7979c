from __future__ import annotations

import tomllib
from typing import Any

import pytest

from search.resolve import resolve, spec_from_table
from search.tuners import TUNERS
from search.tuners.options import OPTIONS
from spaces import InputError

SPACE = {"depth": {"integer": [1, 2]}, "learning_rate": {"real": [0.001, 0.1], "log": True}}


def _resolve(tuner: str, options: Any) -> Any:
    return resolve({"study": {"tuner": tuner, "tuner_options": options}, "space": SPACE})


@pytest.mark.parametrize(
    ("tuner", "options", "message"),
    [
        (
            "optuna.tpe",
            {"n_startup": 3},
            r"^tuner_options: optuna\.tpe has no option 'n_startup'; did .* 'n_startup_trials'\?$",
        ),
        ("optuna.tpe", {"x": 3}, r"no option 'x'; use 'n_ei_candidates' or 'n_startup_trials'\."),
        (
            "optuna.random",
            {"x": 3},
            r"tuner_options: optuna\.random has no option 'x'; it has none",
        ),
        (
            "optuna.nsga2",
            {"population_size": 1},
            r"population_size of optuna\.nsga2 must be a whole number from 2 to 100000, got 1\.",
        ),
        (
            "optuna.cmaes",
            {"popsize": "9"},
            r"popsize of optuna\.cmaes must be a whole .*, got '9'\.",
        ),
        ("optuna.qmc", {"qmc_type": "latin"}, r"must be one of 'sobol' or 'halton', got 'latin'\."),
        (
            "keras_tuner.bayesian",
            {"beta": -1},
            r"beta of keras_tuner\.bayesian must be a number from",
        ),
        ("optuna.tpe", 3, r"study\.tuner_options: must be a table, got 3\."),
    ],
)
def test_wrong_options_are_refused_in_one_sentence(tuner: str, options: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _resolve(tuner, options)


def test_options_are_of_tuners_that_there_are() -> None:
    assert set(OPTIONS) <= set(TUNERS)


def test_options_come_back_from_toml_and_from_storage() -> None:
    spec = _resolve("keras_tuner.bayesian", {"alpha": 0.01, "num_initial_points": 5})
    assert resolve(tomllib.loads(spec.to_toml())) == spec
    assert spec_from_table(spec.to_table()) == spec


def test_no_options_leave_no_trace_in_the_spec() -> None:
    spec = _resolve("optuna.tpe", {})
    assert "tuner_options" not in spec.to_toml()
    assert spec_from_table(spec.to_table()) == spec
