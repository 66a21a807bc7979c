from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from search.data.files import Files
from search.data.schema import Feature
from search.resolve import resolve, spec_from_table
from search.spec import read_spec
from spaces import InputError

SHOP = """
[data]
source = "some/orders.csv.gz"
candidate = "product"
user = "customer"

[data.features]
customer = { kind = "id", side = "query", hashing = 100 }
name = { kind = "text", side = "candidate", column = "product name", tokens = 500 }

[space]
preset = "towers"
"""


def test_a_table_of_features_makes_the_source_a_file(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    path.write_text(SHOP)
    table, text = read_spec(path)
    spec = resolve(table, text=text)
    origin = spec.data.origin
    assert isinstance(origin, Files)
    assert (origin.interactions, origin.candidate, origin.user) == (
        "some/orders.csv.gz",
        "product",
        "customer",
    )
    assert origin.features == (
        Feature("customer", "id", "query", hashing=100),
        Feature("name", "text", "candidate", column="product name", tokens=500),
    )
    assert spec.study.name == "orders-towers"
    assert spec_from_table(spec.to_table()) == spec
    path.write_text(spec.to_toml())
    table, text = read_spec(path)
    assert resolve(table, text=text) == spec


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "hashing = 100",
            "hash = 100",
            "customer: has no key 'hash'; did you mean 'hashing'?",
        ),
        ("hashing = 100", 'hashing = "x"', "customer: hashing must be a whole number from 0, got"),
        (
            "hashing = 100",
            "tokens = 9",
            "customer: tokens is for features of kind text or tags, got 'id'",
        ),
        (
            "hashing = 100",
            "hashing = 100, vocabulary = 5",
            "customer: hashing and vocabulary exclude each other, got 100 and 5; leave one out.",
        ),
        ('kind = "id"', 'kind = "key"', "customer: kind must be one of id, category, text, tags"),
        ('side = "query", ', "", "customer: must be a table with a kind and a side, got {'kind'"),
        ("customer =", '"a b" =', "a b: name must be an ASCII letter, then letters, digits or"),
        ("[data.features]", "[data.columns]", "data.columns: is not a key of this table"),
    ],
)
def test_what_is_wrong_with_a_feature_is_one_sentence(old: str, new: str, message: str) -> None:
    text = SHOP.replace(old, new)
    with pytest.raises(InputError) as refused:
        resolve(tomllib.loads(text), text=text)
    assert str(refused.value).startswith(message)


def test_settings_of_files_need_files() -> None:
    message = r"data.candidate: is for files with a \[data.features\] table, got none"
    with pytest.raises(InputError, match=message):
        resolve({"data": {"candidate": "movie_id"}, "space": {"preset": "towers"}})
