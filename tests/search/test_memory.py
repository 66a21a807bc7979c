"""Embeddings that cannot fit are refused before training, with the setting that makes them fit."""

from __future__ import annotations

import re

import pytest

from search.data.schema import Column
from search.memory import check_tables
from spaces import Choice, InputError, SearchSpace

SPACE = SearchSpace(embedding_dim=Choice([16, 64]))


def test_tables_that_fit_are_accepted() -> None:
    check_tables([Column("user", "query", "index", 1_000), Column("t", "query", "scaled")], SPACE)


def test_a_table_that_does_not_fit_is_refused_with_a_hashing_that_does() -> None:
    with pytest.raises(
        InputError, match=r"user: its embeddings must fit .* got 9,000,000,000"
    ) as r:
        check_tables([Column("user", "query", "index", 9_000_000_000)], SPACE)
    found = re.search(r"say hashing = ([\d_]+) in its feature", str(r.value))
    assert found
    check_tables([Column("user", "query", "index", int(found[1]))], SPACE)
