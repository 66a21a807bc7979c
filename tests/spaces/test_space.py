from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spaces import Choice, InputError, Integer, Real, SearchSpace, at_least
from tests.spaces.strategies import configs, spaces

SPACE = SearchSpace(
    depth=Integer(1, 3),
    width=Choice([32, 64]).when(depth=at_least(2)),
    optimizer=Choice(["adam", "sgd"]),
    momentum=Real(0.0, 0.9).when(optimizer="sgd"),
)
CHAIN = SearchSpace(
    c=Choice([1, 2]).when(b=True),
    b=Choice([False, True]).when(a=[1, 2]),
    a=Integer(0, 2),
)

quick = settings(max_examples=60, deadline=None)


@given(spaces(), st.integers(0, 1000))
@quick
def test_what_is_sampled_is_inside(space: SearchSpace, seed: int) -> None:
    config = space.sample(seed)
    assert space.why_not(config) is None
    assert space.active(config) == tuple(config)


@given(spaces())
@quick
def test_the_grid_is_inside_and_counted(space: SearchSpace) -> None:
    points = list(space.grid(resolution=2))
    assert all(space.why_not(point) is None for point in points)
    assert len({tuple(point.items()) for point in points}) == len(points)
    assert space.count(resolution=2) == len(points)


@given(st.data())
@quick
def test_fixing_keeps_the_configurations_with_that_value(data: st.DataObject) -> None:
    space = data.draw(spaces())
    points = list(space.grid(resolution=2))
    name, value = data.draw(st.sampled_from(sorted(data.draw(st.sampled_from(points)).items())))
    kept = [point for point in points if name not in point or point[name] == value]
    fixed = space.fix(**{name: value})
    assert sorted(map(repr, fixed.grid(resolution=2))) == sorted(map(repr, kept))
    assert not any(name in dict(parameter.conditions) for parameter in fixed.values())


@given(st.data())
@quick
def test_a_configuration_is_inside_or_there_is_a_reason(data: st.DataObject) -> None:
    space = data.draw(spaces())
    config = data.draw(configs(space))
    acting = space.active(config)
    inside = set(acting) == set(config) and all(
        space[name].why_not(config[name]) is None for name in acting
    )
    assert (space.why_not(config) is None) == inside


def test_a_space_is_a_mapping_of_its_parameters() -> None:
    assert list(SPACE) == ["depth", "width", "optimizer", "momentum"]
    assert len(SPACE) == 4
    assert SPACE["depth"] == Integer(1, 3)
    assert "depth" in SPACE
    assert "breadth" not in SPACE


def test_a_configuration_is_in_its_space() -> None:
    inside: object = {"depth": 1, "optimizer": "adam"}
    outside: object = {"depth": 1, "optimizer": "adam", "width": 32}
    assert inside in SPACE
    assert outside not in SPACE


def test_the_order_of_declaration_has_no_say_in_equality_and_samples() -> None:
    turned = SearchSpace(**{name: SPACE[name] for name in reversed(list(SPACE))})
    assert turned == SPACE
    assert [turned.sample(seed) for seed in range(20)] == [SPACE.sample(seed) for seed in range(20)]


def test_parents_come_first_in_the_order() -> None:
    assert CHAIN.order == ("a", "b", "c")
    assert list(CHAIN) == ["c", "b", "a"]


def test_a_configuration_is_in_the_order_of_the_space() -> None:
    assert list(CHAIN.fix(a=1, b=True).sample(0)) == ["c", "b", "a"]


def test_samples_depend_on_the_seed_alone() -> None:
    assert SPACE.sample(7) == SPACE.sample(7)
    assert SPACE.sample([7, 1]) == SPACE.sample([7, 1])
    assert len({str(SPACE.sample(seed)) for seed in range(20)}) > 10


def test_changing_a_parameter_leaves_the_samples_of_the_others() -> None:
    other = SPACE.replace(momentum=Choice([0.5]))
    for seed in range(20):
        assert {**other.sample(seed), "momentum": 0} == {**SPACE.sample(seed), "momentum": 0}


def test_active_follows_the_conditions() -> None:
    assert SPACE.active({"depth": 1, "optimizer": "sgd"}) == ("depth", "optimizer", "momentum")
    assert SPACE.active({"depth": 2, "optimizer": "adam"}) == ("depth", "width", "optimizer")
    assert CHAIN.active({"a": 0, "b": True, "c": 1}) == ("a",)


def test_the_grid_varies_the_last_parameter_fastest() -> None:
    assert list(CHAIN.grid()) == [
        {"a": 0},
        {"a": 1, "b": False},
        {"a": 1, "b": True, "c": 1},
        {"a": 1, "b": True, "c": 2},
        {"a": 2, "b": False},
        {"a": 2, "b": True, "c": 1},
        {"a": 2, "b": True, "c": 2},
    ]


def test_the_count_takes_active_parameters_only() -> None:
    # depth 1, and depths 2 and 3 with two widths: 5; adam, and sgd with three momenta: 4
    assert SPACE.count(resolution=3) == 5 * 4


def test_a_huge_grid_is_counted_without_going_through_it() -> None:
    space = SearchSpace(
        n=Integer(1, 100_000),
        m=Integer(1, 100_000),
        k=Integer(1, 10).when(n=at_least(2), m=at_least(3)),
    )
    assert space.count() == 100_000**2 + 99_999 * 99_998 * 9


def test_the_empty_space_has_one_configuration() -> None:
    assert SearchSpace().count() == 1
    assert list(SearchSpace().grid()) == [{}]
    assert SearchSpace().sample(0) == {}


def test_fixing_resolves_conditions() -> None:
    assert SPACE.fix(optimizer="adam", depth=2) == SearchSpace(
        depth=Choice([2]), width=Choice([32, 64]), optimizer=Choice(["adam"])
    )


def test_fixing_hands_on_the_conditions_of_what_is_fixed() -> None:
    assert CHAIN.fix(b=True) == SearchSpace(
        a=Integer(0, 2),
        b=Choice([True]).when(a=[1, 2]),
        c=Choice([1, 2]).when(a=[1, 2]),
    )


def test_fixing_a_real_to_a_whole_number_makes_it_a_float() -> None:
    fixed = SPACE.fix(momentum=0)["momentum"]
    assert isinstance(fixed, Choice)
    assert type(fixed.options[0]) is float


def test_replacing_leaves_out_what_can_then_never_act() -> None:
    assert list(SPACE.replace(optimizer=Choice(["adam"]))) == ["depth", "width", "optimizer"]
    assert list(CHAIN.replace(a=Choice([0]))) == ["a"]


def test_replacing_adds_after_what_is_there() -> None:
    assert list(SPACE.replace(batch=Choice([256]))) == [*SPACE, "batch"]


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"depht": 2}, "depht: no such parameter in the space; did you mean 'depth'?"),
        ({"optimizer": "adam"}, "depth: missing; it must be a whole number from 1 to 3."),
        ({"depth": 2, "optimizer": "adam"}, "width: missing; it must be one of 32 or 64."),
        ({"depth": 9, "optimizer": "adam"}, "depth: must be a whole number from 1 to 3, got 9."),
        (
            {"depth": 1, "optimizer": "adam", "width": 32},
            "width: only acts where depth is at least 2, got depth=1; leave it out.",
        ),
        (
            {"depth": 1, "optimizer": "adam", "momentum": 0.5},
            "momentum: only acts where optimizer is 'sgd', got optimizer='adam'; leave it out.",
        ),
    ],
)
def test_the_reason_why_not_is_a_sentence(config: dict[str, object], sentence: str) -> None:
    assert SPACE.why_not(config) == sentence


def test_a_parameter_whose_parent_does_not_act_does_not_either() -> None:
    assert CHAIN.why_not({"a": 0, "c": 1}) == (
        "c: only acts where b is True, got no b; leave it out."
    )


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: SearchSpace(**cast(Any, {"a": 3})),
            "a: must be an Integer, a Real or a Choice, got 3.",
        ),
        (
            lambda: SearchSpace(depth=Integer(1, 2), a=Integer(1, 2).when(dpth=1)),
            "a: its condition needs 'dpth' in the space; did you mean 'depth'?",
        ),
        (
            lambda: SearchSpace(a=Integer(1, 2).when(b=1), b=Real(1, 2)),
            "a: a condition needs an Integer or a Choice, but b is a Real.",
        ),
        (
            lambda: SearchSpace(a=Integer(1, 2).when(b=1), b=Integer(1, 2).when(a=1)),
            "a: its conditions go in a circle, a -> b -> a; drop one of them.",
        ),
        (
            lambda: SearchSpace(a=Integer(1, 2).when(a=1)),
            "a: its conditions go in a circle, a -> a; drop one of them.",
        ),
        (
            lambda: SearchSpace(a=Choice([1, 2]), b=Choice([1]).when(a=at_least(3))),
            "b: can never act, as it needs a to be at least 3, but a is one of 1 or 2.",
        ),
        (
            lambda: SearchSpace(a=Integer(1, 2), b=Integer(1, 2).when(a=1).when(a=2)),
            "b: can never act, as it needs a to be nothing, but a is a whole number from 1 to 2.",
        ),
        (
            lambda: CHAIN.replace(d=Integer(1, 2).when(c=1, a=0)),
            "d: can never act, as it needs a to be nothing, but a is a whole number from 0 to 2.",
        ),
        (
            lambda: SPACE.fix(optimizer="adam", momentum=0.5),
            "momentum: can never act, as it needs optimizer to be 'sgd', but optimizer is 'adam'.",
        ),
        (lambda: SPACE.fix(width=5), "width: must be one of 32 or 64, got 5."),
        (
            lambda: SPACE.fix(widht=5),
            "widht: no such parameter in the space; did you mean 'width'?",
        ),
        (
            lambda: SPACE.count(),
            (
                "momentum: a grid needs countable values, got a number from 0.0 to 0.9; "
                "give it a step."
            ),
        ),
        (
            lambda: SPACE.grid(),
            (
                "momentum: a grid needs countable values, got a number from 0.0 to 0.9; "
                "give it a step."
            ),
        ),
        (
            lambda: SPACE.grid(resolution=1),
            "momentum: a grid needs a resolution of at least 2, got 1.",
        ),
    ],
)
def test_what_a_space_cannot_be_is_refused(make: Callable[[], object], sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        make()
