from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given, settings

from spaces import PRESETS, Choice, InputError, Integer, Real, SearchSpace, at_least, at_most
from spaces.toml import dumps, from_table, loads, parameters, to_table
from tests.spaces.strategies import spaces

TEXT = """\
depth = { integer = [1, 4] }
width = { integer = [32, 512], step = 32, when = { depth = { ">=" = 2 } } }
heads = { integer = [1, 64], log = true, when = { depth = { ">=" = 2, "<=" = 3 } } }
rate = { real = [0.0001, 0.5], log = true }
share = { real = [0.0, 1.0], step = 0.1 }
optimizer = { choice = ["adam", "sgd", "adagrad"] }
momentum = { choice = [0.9], when = { optimizer = "sgd" } }
beta = { choice = [0.9, 0.95], when = { depth = 2, optimizer = ["adam", "sgd"] } }
epochs = 20
normalize = false
"two words" = "a \\"b\\""
"""

SPACE = SearchSpace(
    depth=Integer(1, 4),
    width=Integer(32, 512, step=32).when(depth=at_least(2)),
    heads=Integer(1, 64, log=True).when(depth=at_least(2)).when(depth=at_most(3)),
    rate=Real(1e-4, 0.5, log=True),
    share=Real(0, 1, step=0.1),
    optimizer=Choice(["adam", "sgd", "adagrad"]),
    momentum=Choice([0.9]).when(optimizer="sgd"),
    beta=Choice([0.9, 0.95]).when(optimizer=["adam", "sgd"], depth=2),
    epochs=Choice([20]),
    normalize=Choice([False]),
    **{"two words": Choice(['a "b"'])},
)


def test_text_reads_as_the_space() -> None:
    assert loads(TEXT) == SPACE


def test_a_space_prints_as_the_text() -> None:
    assert dumps(SPACE) == TEXT


@given(spaces())
@settings(max_examples=60, deadline=None)
def test_the_round_trip_is_exact(space: SearchSpace) -> None:
    assert loads(dumps(space)) == space
    assert list(loads(dumps(space))) == list(space)
    assert from_table(to_table(space)) == space
    assert tomllib.loads(dumps(space)) == to_table(space)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_makes_the_round_trip(name: str) -> None:
    assert loads(dumps(PRESETS[name].space)) == PRESETS[name].space


def test_in_is_a_list_of_values() -> None:
    assert loads(
        "a = { choice = [1, 2, 3] }\nb = { choice = [1, 2], when = { a = { in = [1, 2] } } }"
    ) == (SearchSpace(a=Choice([1, 2, 3]), b=Choice([1, 2]).when(a=[1, 2])))


def test_parameters_may_name_parents_that_are_elsewhere() -> None:
    table = {"momentum": {"real": [0.5, 0.9], "when": {"optimizer": "sgd"}}}
    assert parameters(table) == {"momentum": Real(0.5, 0.9).when(optimizer="sgd")}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a = { intger = [1, 2] }", "a: has no key 'intger'; did you mean 'integer'?"),
        ("a = [1, 2]", "a: a list of options is written { choice = [1, 2] }."),
        ("a = {}", "a: needs one of integer, real and choice, got an empty table."),
        (
            "a = { integer = [1, 2], real = [1, 2] }",
            "a: needs one of integer, real and choice, got integer, real.",
        ),
        ("a = { log = true }", "a: needs one of integer, real and choice, got log."),
        ("a = { integer = 3 }", "a: integer must be a list of two numbers, low and high, got 3."),
        (
            "a = { real = [0.1] }",
            "a: real must be a list of two numbers, low and high, got [0.1].",
        ),
        ("a = { real = [0.1, 0.01] }", "a: low must be below high, got low=0.1, high=0.01."),
        ("a = { real = [nan, 1] }", "a: low must be a finite number, got nan."),
        ("a = { choice = [1], step = 3 }", "a: a choice has no step, got step=3."),
        ("a = { choice = [1], log = true }", "a: a choice has no log, got log=True."),
        (
            "a = 2000-01-02",
            (
                "a: options must be text, finite numbers, or true and false, "
                "got datetime.date(2000, 1, 2)."
            ),
        ),
        ("a = 1\nb = { choice = [1], when = 3 }", "b: when must be a table of parents, got 3."),
        (
            "a = 1\nb = { choice = [1], when = { a = { '=' = 2 } } }",
            "b: when a: has no key '='; did you mean '>='?",
        ),
        (
            "a = 1\nb = { choice = [1], when = { a = {} } }",
            "b: when a: needs one of 'in', '>=' or '<=', got an empty table.",
        ),
        (
            "a = 1\nb = { choice = [1], when = { a = { '>=' = 'x' } } }",
            "b: when a: at_least needs a finite number, got 'x'.",
        ),
        (
            "a = 1\nb = { choice = [1], when = { a = 2 } }",
            "b: can never act, as it needs a to be 2, but a is 1.",
        ),
        ("a = ", "space: is not TOML: Invalid value (at end of document)."),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        loads(text)
