from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spaces import InputError, at_least, at_most
from spaces.conditions import Rule, as_rule, one_of

BOUNDS = st.integers(-3, 3)
RULES = (
    BOUNDS.map(at_least)
    | BOUNDS.map(at_most)
    | st.lists(BOUNDS, min_size=1, max_size=4).map(one_of)
)


def test_at_least_and_at_most_include_the_bound() -> None:
    assert [at_least(2).holds(value) for value in (1, 2, 3)] == [False, True, True]
    assert [at_most(2).holds(value) for value in (1, 2, 3)] == [True, True, False]


def test_true_is_not_one() -> None:
    assert not as_rule(1).holds(True)
    assert not as_rule(True).holds(1)
    assert not at_least(0).holds(True)


def test_a_bound_holds_for_no_text() -> None:
    assert not at_least(2).holds("3")


def test_a_value_and_a_list_of_it_are_one_rule() -> None:
    assert as_rule("sgd") == as_rule(["sgd"]) == as_rule(("sgd", "sgd"))


@given(RULES, RULES, st.integers(-5, 5))
def test_both_hold_where_each_holds(left: Rule, right: Rule, value: int) -> None:
    assert (left & right).holds(value) == (left.holds(value) and right.holds(value))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (as_rule("sgd"), "'sgd'"),
        (as_rule(["adam", "sgd"]), "one of 'adam' or 'sgd'"),
        (at_least(2), "at least 2"),
        (at_most(3), "at most 3"),
        (at_least(2) & at_most(3), "from 2 to 3"),
        (as_rule(1) & as_rule(2), "nothing"),
    ],
)
def test_a_rule_reads_as_words(rule: Rule, words: str) -> None:
    assert str(rule) == words


@pytest.mark.parametrize("given", [None, [], {}, [None]])
def test_a_condition_on_no_value_is_refused(given: object) -> None:
    sentence = f"a condition needs a value, a list of values, at_least or at_most, got {given!r}."
    with pytest.raises(InputError, match=re.escape(sentence)):
        as_rule(given)


@pytest.mark.parametrize("bound", ["2", True, math.nan, math.inf])
def test_a_bound_that_is_no_finite_number_is_refused(bound: float) -> None:
    with pytest.raises(
        InputError, match=re.escape(f"at_least needs a finite number, got {bound!r}.")
    ):
        at_least(bound)
    with pytest.raises(
        InputError, match=re.escape(f"at_most needs a finite number, got {bound!r}.")
    ):
        at_most(bound)
