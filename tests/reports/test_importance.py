from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from reports.columns import Column, columns
from reports.importance import Importance, importance
from search.records import StudyRecord, TrialRecord


def completed(
    n: int, params: Callable[[random.Random], dict[str, Any]], value: Callable[..., float]
) -> dict[str, Column]:
    """The columns of n completed trials, their parameters drawn from one seed."""
    rng = random.Random(3)
    drawn = [params(rng) for _ in range(n)]
    trials = [TrialRecord(i, "complete", params=p, value=value(p)) for i, p in enumerate(drawn)]
    return columns(StudyRecord("s", ("mrr",), ("max",), n, trials=trials))


def found(n: int, params: Callable[..., Any], value: Callable[..., float]) -> Importance | None:
    return importance(completed(n, params, value), range(n))


def two(rng: random.Random) -> dict[str, Any]:
    return {"rate": rng.random(), "width": rng.choice([32, 64])}


def test_the_parameter_that_makes_the_value_is_first_and_above_chance() -> None:
    told = found(60, two, lambda p: p["rate"] ** 2)
    assert told is not None
    first, second = told["influences"]
    assert first["column"] == "params.rate"
    assert first["low"] > 0.5
    assert abs(second["mean"]) < 0.05
    assert told["explained"] > 0.8


def test_all_of_the_variance_twice_over_is_lost_by_shuffling_a_perfect_parameter() -> None:
    # a coin's value a, shuffled to an independent b: E(a - b)^2 = 2 var(a)
    told = found(
        200, lambda rng: {"coin": rng.randrange(2), "noise": rng.randrange(7)}, lambda p: p["coin"]
    )
    assert told is not None
    assert told["explained"] == pytest.approx(1, abs=0.01)
    assert told["influences"][0]["mean"] == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("scale", [2.0**-600, 2.0**600])
def test_importance_is_a_share_and_so_the_same_at_any_scale(scale: float) -> None:
    usual, scaled = (
        found(20, two, lambda p, by=by: by * round(p["rate"] * 64)) for by in (1.0, scale)
    )
    assert usual is not None
    assert scaled is not None
    for one, other in zip(usual["influences"], scaled["influences"], strict=True):
        assert one["mean"] == pytest.approx(other["mean"], abs=0.01)


def test_a_parameters_absence_is_a_value_of_its_own() -> None:
    def sometimes(rng: random.Random) -> dict[str, Any]:
        return {"width": rng.choice([32, 64])} | ({"momentum": 0.5} if rng.random() < 0.6 else {})

    told = found(60, sometimes, lambda p: float("momentum" in p))
    assert told is not None
    assert told["influences"][0]["column"] == "params.momentum"
    assert told["influences"][0]["low"] > 1


def test_texts_can_matter() -> None:
    told = found(
        60,
        lambda rng: {"width": rng.choice([32, 64]), "optimizer": rng.choice("abc")},
        lambda p: "bca".index(p["optimizer"]),
    )
    assert told is not None
    assert told["influences"][0]["column"] == "params.optimizer"


def test_fewer_than_fifteen_trials_tell_nothing() -> None:
    assert found(14, two, lambda p: p["rate"]) is None
    assert found(15, two, lambda p: p["rate"]) is not None


def test_equal_values_and_unvaried_parameters_tell_nothing() -> None:
    assert found(20, two, lambda _: 0.5) is None
    rng = random.Random(1)
    assert found(20, lambda _: {"width": 32}, lambda _: rng.random()) is None


def test_a_long_study_is_thinned_evenly() -> None:
    told = found(1000, two, lambda p: p["rate"])
    assert told is not None
    assert (told["n"], told["completed"]) == (300, 1000)
