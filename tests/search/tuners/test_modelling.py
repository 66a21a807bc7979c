from __future__ import annotations

from typing import Any

import pytest

from search.resolve import resolve
from search.spec import StudySpec
from search.tuners import TUNERS, independently_sampled, notice
from search.tuners.modelling import modelled

SPACE: dict[str, Any] = {
    "depth": {"integer": [1, 3]},
    "width": {"choice": [32, 64]},
    "dropout": {"real": [0.0, 0.5]},
    "optimizer": {"choice": ["adam", "sgd"]},
    "momentum": {"real": [0.0, 0.9]},
    "epochs": 5,
}


def _spec(tuner: str, space: dict[str, Any] = SPACE, **study: Any) -> StudySpec:
    return resolve({"study": {"tuner": tuner, **study}, "space": space})


def _independent(tuner: str, **study: Any) -> list[str]:
    return independently_sampled(_spec(tuner, **study))


def test_evolution_of_a_distribution_models_numbers_that_act_in_every_trial() -> None:
    assert _independent("optuna.cmaes") == ["width", "optimizer", "momentum"]


@pytest.mark.parametrize("tuner", ["optuna.nsga2", "optuna.gp"])
def test_crossing_and_gaussian_processes_model_choices_too(tuner: str) -> None:
    assert modelled(tuner, _spec("optuna.tpe").space) == ["depth", "dropout", "optimizer"]


def test_what_acts_under_a_condition_is_left_out() -> None:
    assert _independent("optuna.nsga2") == ["width", "momentum"]


def test_a_condition_that_always_holds_is_none() -> None:
    assert independently_sampled(_spec("optuna.nsga2", SPACE | {"depth": 3})) == ["momentum"]


def test_with_an_allocation_every_share_is_looked_at() -> None:
    assert _independent("optuna.nsga2", allocate_by="depth") == ["momentum"]
    assert _independent("optuna.cmaes", allocate_by="depth") == ["width", "optimizer", "momentum"]


def test_one_sentence_says_what_is_sampled_independently() -> None:
    assert notice(_spec("optuna.cmaes")) == (
        "optuna.cmaes samples width, optimizer, momentum independently: "
        "it models only numbers that act in every trial."
    )
    assert notice(_spec("optuna.nsga2")) == (
        "optuna.nsga2 samples width, momentum independently: "
        "it models only parameters that act in every trial."
    )


def test_unequal_shares_are_said() -> None:
    assert notice(_spec("optuna.tpe", trials=30, allocate_by="depth")) is None
    assert notice(_spec("optuna.tpe", trials=11, allocate_by="depth")) == (
        "11 trials cannot be shared equally by 3 depths: 2 will have one more; a multiple of 3 "
        "gives all as many."
    )


def test_there_is_nothing_to_say_of_the_others() -> None:
    for tuner in set(TUNERS) - {"optuna.cmaes", "optuna.nsga2", "optuna.gp", "optuna.grid"}:
        assert notice(_spec(tuner)) is None
    assert notice(_spec("optuna.cmaes", {"dropout": {"real": [0.0, 0.5]}})) is None
