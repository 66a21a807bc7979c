"""Files become the dataset that they describe, and what is missing in them is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.data.facts import facts
from search.data.files import Files, load
from search.data.proposal import propose
from search.data.schema import Feature
from spaces.errors import InputError

ORDERS = (
    "Kunde,Artikel,wann,Menge\n花子,п-1,1970-01-02,2\nboб,п-2,1970-01-03,1\n花子,п-1,1970-01-04,1\n"
)
PRODUCTS = 'Artikel,Titel,Preis\nп-1,"rot, ""groß""\nund neu",1.5\nп-2,blau,\nп-3,neu,3\n'
CUSTOMERS = "Kunde,age\n花子,30\nnobody,40\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    monkeypatch.chdir(tmp_path)
    for name, text in (("orders", ORDERS), ("products", PRODUCTS), ("customers", CUSTOMERS)):
        Path(f"{name}.csv").write_text(text)
    features = (
        Feature("user", "id", "query", column="Kunde"),
        Feature("when", "time", "query", column="wann"),
        Feature("age", "number", "query"),
        Feature("product", "id", "candidate", column="Artikel"),
        Feature("title", "text", "candidate", column="Titel"),
        Feature("price", "number", "candidate", column="Preis"),
    )
    return Files(
        "orders.csv", features, "Artikel", "Kunde", "wann", "products.csv", "customers.csv"
    )


def test_three_files_are_joined_by_the_columns_of_their_roles(shop: Files) -> None:
    data = load(shop)
    assert {name: column.tolist() for name, column in data.candidates.items()} == {
        "Artikel": ["п-1", "п-2", "п-3"],
        "Titel": ['rot, "groß"\nund neu', "blau", "neu"],
        "Preis": [1.5, pytest.approx(np.nan, nan_ok=True), 3.0],
    }
    assert data.interactions["Kunde"].tolist() == ["花子", "boб", "花子"]
    assert data.interactions["Artikel"].tolist() == ["п-1", "п-2", "п-1"]
    assert data.interactions["wann"].tolist() == [86_400, 172_800, 259_200]
    np.testing.assert_array_equal(data.interactions["age"], [30.0, np.nan, 30.0])
    assert (data.schema.candidate, data.schema.user, data.schema.time) == (
        "Artikel",
        "Kunde",
        "wann",
    )


def test_without_a_catalogue_the_candidates_are_those_of_the_interactions(shop: Files) -> None:
    features = (shop.features[0], shop.features[3], Feature("Menge", "number", "candidate"))
    data = load(Files("orders.csv", features, "Artikel"))
    assert data.candidates["Artikel"].tolist() == ["п-1", "п-2"]
    assert data.candidates["Menge"].tolist() == [2.0, 1.0]
    assert (data.schema.user, data.schema.time) == (None, None)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("orders", "Kunde,Artikel\n1,2\n", "wann: must be a column of orders.csv, got the columns"),
        ("orders", ORDERS.splitlines()[0] + "\n", "orders.csv: must have rows, got none below the"),
        ("orders", ORDERS + "x,,1970-01-02,1\n", "Artikel: each interaction must name its candida"),
        ("customers", CUSTOMERS + "花子,31\n", "Kunde: must be unique in customers.csv, got 1 re"),
        ("customers", "Kunde\n花子\n", "age: must be a column of customers.csv, got the columns K"),
        ("products", PRODUCTS + "п-4,x,dear\n", "Preis: values must be numbers, got 'dear';"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_sentence(
    shop: Files, name: str, text: str, message: str
) -> None:
    Path(f"{name}.csv").write_text(text)
    with pytest.raises(InputError) as refused:
        load(shop)
    assert str(refused.value).startswith(message)


def test_a_column_of_weights_is_read_as_that(shop: Files) -> None:
    data = load(replace(shop, weight="Menge"))
    assert data.weights is not None
    assert data.weights.tolist() == [2.0, 1.0, 1.0]
    assert "Menge" not in data.interactions
    assert dict(facts(data))["weight"] == "1 to 2, 1.33333 on average"


@pytest.mark.parametrize("weight", ["-1", ""])
def test_a_weight_that_is_none_is_refused(shop: Files, weight: str) -> None:
    Path("orders.csv").write_text(f"{ORDERS}花子,п-1,1970-01-05,{weight}\n")
    with pytest.raises(InputError) as refused:
        load(replace(shop, weight="Menge"))
    assert str(refused.value) == (
        "Menge: each interaction must have a weight of 0 or more, got 1 of 4 in orders.csv that "
        "are missing or below; fill or drop them."
    )


def test_a_column_is_read_as_one_thing(shop: Files) -> None:
    features = (*shop.features, Feature("again", "number", "candidate", column="Titel"))
    with pytest.raises(InputError, match=r"again: must read Titel as text, as other settings do"):
        load(replace(shop, features=features))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"candidate": ""}, "data.candidate: must name the column of the candidates' ids;"),
        ({"user": ""}, "data.user: must name the column that joins interactions"),
        (
            {"features": ()},
            "must have a query feature that is not optional, got none;",
        ),
    ],
)
def test_what_the_files_need_is_said(shop: Files, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        replace(shop, **changed)


def test_roles_and_kinds_are_guessed_from_names_joins_and_values(shop: Files) -> None:
    found = propose("orders.csv", "products.csv", "customers.csv")
    files = found.files
    assert (files.candidate, files.user, files.time) == ("Artikel", "Kunde", "wann")
    assert [(f.name, f.kind, f.side) for f in files.features] == [
        ("Kunde", "id", "query"),
        ("wann", "time", "query"),
        ("age", "number", "query"),
        ("wann_hour", "hour", "query"),
        ("wann_weekday", "weekday", "query"),
        ("Artikel", "id", "candidate"),
        ("Titel", "text", "candidate"),
        ("Preis", "number", "candidate"),
    ]
    assert [f.name for f in files.features if f.optional] == ["wann_hour", "wann_weekday"]
    assert found.left_out == ["Menge"]
    assert len(load(files).candidates["Artikel"]) == 3


def test_values_divided_by_bars_are_tags(tmp_path: Path) -> None:
    rows = "".join(f"u{n % 7},f{n % 5},{'Action|Drama' if n % 5 else 'Drama'}\n" for n in range(50))
    (tmp_path / "t.csv").write_text(f"user,film,genres\n{rows}")
    features = propose(str(tmp_path / "t.csv")).files.features
    assert features[-1] == Feature("genres", "tags", "candidate")


def test_columns_in_any_script_get_names_that_a_served_model_can_have(tmp_path: Path) -> None:
    rows = "".join(f"u{n % 7},книга {n % 5},{n % 5}\n" for n in range(50))
    (tmp_path / "t.csv").write_text(f"кто,что купил,цена\n{rows}")
    files = propose(str(tmp_path / "t.csv")).files
    assert (files.candidate, files.user) == ("что купил", "кто")
    assert [(f.name, f.source) for f in files.features] == [
        ("query", "кто"),
        ("candidate", "что купил"),
        ("candidate_2", "цена"),
    ]


def test_a_file_without_candidates_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("when\n2024-01-01\n2024-01-02\n")
    with pytest.raises(InputError) as refused:
        propose(f"{tmp_path}/rows.csv")
    assert str(refused.value) == (
        f"{tmp_path}/rows.csv: must have a column of candidates' ids, got the columns when; "
        "add one."
    )


def test_facts_are_counted(shop: Files) -> None:
    told = dict(facts(load(shop)))
    assert told["interactions"] == "3"
    assert told["users"] == "2"
    assert told["candidates"] == "3, of which 1 without interactions"
    assert told["missing"] == "age 1, Preis 1"
    assert told["repeated"] == "1 of the interactions are of a user with the same candidate again"
    assert told["time"] == "1970-01-02 00:00 to 1970-01-04 00:00 UTC"
