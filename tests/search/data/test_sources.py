"""Sources have names, and an unknown name is answered with them."""

from __future__ import annotations

import pytest

from search.data.sources import SOURCES, load
from spaces.errors import InputError


def test_every_source_is_told_in_one_line() -> None:
    assert list(SOURCES)[:2] == ["movielens-small", "movielens/100k"]
    assert not any("\n" in line for line in SOURCES.values())


def test_an_unknown_source_is_answered_with_the_list() -> None:
    message = "source: must be one of movielens-small, movielens/100k, .*, got 'netflix'"
    with pytest.raises(InputError, match=message):
        load("netflix")
