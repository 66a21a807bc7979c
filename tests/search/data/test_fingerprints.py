"""A fingerprint changes with whatever encoding reads, and with nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from search.data.fingerprints import fingerprint
from search.data.schema import Dataset, Feature

PARTS = {"train": np.arange(4), "validation": np.array([4]), "test": np.array([5])}


def test_the_same_data_has_the_same_fingerprint_in_every_process(tiny: Dataset) -> None:
    assert fingerprint(tiny, PARTS, False) == "7efc2852c3eb949ea5681bd5fad24e77"


def test_the_name_and_the_licence_are_not_part_of_it(tiny: Dataset) -> None:
    renamed = replace(tiny, name="other", licence="other")
    assert fingerprint(renamed, PARTS, False) == fingerprint(tiny, PARTS, False)


def test_one_value_the_schema_the_split_and_the_protocol_are_part_of_it(tiny: Dataset) -> None:
    value = {**tiny.interactions, "when": tiny.interactions["when"] + 1}
    catalogue = {**tiny.candidates, "title": np.array(["a", "b", "c", "d"], object)}
    category = (Feature("user", "category", "query"), *tiny.schema.features[1:])
    parts = {**PARTS, "train": np.arange(3)}
    prints = {
        fingerprint(tiny, PARTS, False),
        fingerprint(tiny, PARTS, True),
        fingerprint(tiny, parts, False),
        fingerprint(replace(tiny, interactions=value), PARTS, False),
        fingerprint(replace(tiny, candidates=catalogue), PARTS, False),
        fingerprint(replace(tiny, schema=replace(tiny.schema, features=category)), PARTS, False),
    }
    assert len(prints) == 6


@pytest.mark.parametrize(("one", "two"), [(["ab", "c"], ["a", "bc"]), (["", "a"], ["a", ""])])
def test_where_one_text_ends_is_part_of_it(tiny: Dataset, one: list[str], two: list[str]) -> None:
    first, second = (
        fingerprint(replace(tiny, candidates={"film": np.array(ids, object)}), PARTS, False)
        for ids in (one, two)
    )
    assert first != second
