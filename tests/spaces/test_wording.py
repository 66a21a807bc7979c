from __future__ import annotations

import pytest

from spaces import InputError
from spaces.wording import listed, named, require, suggestion


def test_listed_joins_the_last_with_or() -> None:
    assert listed(["adam", "sgd", "rmsprop"]) == "'adam', 'sgd' or 'rmsprop'"
    assert listed([32]) == "32"
    assert listed([]) == "nothing"


def test_suggestion_is_the_nearest_name() -> None:
    assert suggestion("widht", ["depth", "width"]) == "did you mean 'width'?"


def test_suggestion_lists_all_where_none_is_near() -> None:
    assert suggestion("zzz", ["width", "depth"]) == "use 'depth' or 'width'."


def test_named_puts_the_name_first() -> None:
    with pytest.raises(InputError, match=r"^depth: too deep\.$"), named("depth"):
        require(False, "too deep.")


def test_require_passes_where_the_rule_holds() -> None:
    require(True, "never said.")
