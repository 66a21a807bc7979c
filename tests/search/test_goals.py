from __future__ import annotations

from typing import Any

import pytest

from search.goals import Constraint, constraint, excesses, values_of
from spaces import InputError

FIELDS = {"value": 0.25, "metrics": {"mrr": 0.125}, "cost": {"parameters": 300}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<= 200_000", Constraint("parameters", "<=", 200_000.0)),
        (">=1e3", Constraint("parameters", ">=", 1000.0)),
        ("  <=  0.5 ", Constraint("parameters", "<=", 0.5)),
    ],
)
def test_a_constraint_is_a_rule_and_a_number(text: str, expected: Constraint) -> None:
    assert constraint("parameters", text) == expected


@pytest.mark.parametrize("text", ["200", "< 200", "<= many", "<= nan", "<= 1 2", "", 200])
def test_anything_else_is_refused(text: object) -> None:
    message = r'constraints: parameters must be "<=" or ">=" and a number, like .*, got '
    with pytest.raises(InputError, match=message):
        constraint("parameters", text)


def test_a_bound_on_what_is_not_measured_is_refused() -> None:
    with pytest.raises(InputError, match=r"constraints: no measure or cost is called 'parms'; did"):
        constraint("parms", "<= 2")


def test_an_excess_is_positive_where_the_bound_is_broken() -> None:
    bounds = [Constraint("parameters", "<=", 200.0), Constraint("mrr", ">=", 0.5)]
    assert excesses(bounds, FIELDS) == {"parameters": 100.0, "mrr": 0.375}
    assert excesses([Constraint("mrr", ">=", 0.125)], FIELDS) == {"mrr": 0.0}


def test_the_first_value_is_the_trials_own_and_the_others_are_measures_and_costs() -> None:
    assert values_of(["top_5_accuracy", "parameters", "mrr"], FIELDS) == [0.25, 300, 0.125]


def test_a_failed_trial_has_neither() -> None:
    failed: dict[str, Any] = {"value": None, "metrics": {}, "cost": {}}
    assert values_of(["mrr", "bytes"], failed) is None
    assert excesses([Constraint("bytes", "<=", 1.0)], failed) == {}
