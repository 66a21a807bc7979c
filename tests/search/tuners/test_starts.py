from __future__ import annotations

from typing import Any

import pytest

from search.tuners import defaults, fit
from spaces import PRESETS, Choice, Integer, Real, SearchSpace, at_least, for_model


def test_fitting_takes_what_acts_and_gives_up_where_something_is_missing() -> None:
    space = SearchSpace(depth=Integer(1, 3), width=Choice([4]).when(depth=at_least(2)))
    assert fit(space, {"depth": 1, "width": 9, "other": 1}) == {"depth": 1}
    assert fit(space, {"depth": 2}) == {"depth": 2, "width": 4}
    assert fit(space, {"depth": 7}) is None
    assert fit(space, {}) is None


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        ({"depth": Integer(1, 4)}, 2),
        ({"depth": Integer(3, 4)}, 3),
        ({"learning_rate": Real(0.01, 0.1)}, 0.01),
        ({"learning_rate": Real(1e-4, 1e-3)}, 1e-3),
        ({"output_dim": Choice([8, 24, 128])}, 24),
        ({"optimizer": Choice(["sgd", "adagrad"])}, "sgd"),
        ({"normalize": Choice([True])}, True),
    ],
)
def test_a_default_is_the_models_or_the_nearest_there_is(parameter: Any, expected: Any) -> None:
    assert list(defaults(SearchSpace(**parameter)).values()) == [expected]


def test_a_towers_own_axis_has_the_shared_default() -> None:
    space = for_model(SearchSpace(query_depth=Integer(1, 3), candidate_depth=Integer(1, 3)))
    assert defaults(space) == {"query_depth": 2, "candidate_depth": 2}


@pytest.mark.parametrize("name", PRESETS)
def test_the_defaults_of_a_preset_are_in_its_space(name: str) -> None:
    space = PRESETS[name].space
    assert space.why_not(defaults(space)) is None
