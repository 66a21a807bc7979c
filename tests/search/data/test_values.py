"""Values of a file become text, numbers or times, and one of another form is refused by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.data.values import Form, column, parse
from spaces.errors import InputError


def read(form: Form, *arrays: Any) -> Any:
    found = column("x", form)
    for array in arrays:
        found.add(array)
    return found.array()


def test_text_is_as_written_and_missing_is_empty() -> None:
    got = read("text", pa.array(["007", None, "東京"]), pa.array(["007"]))
    assert got.tolist() == ["007", "", "東京", "007"]
    assert got[0] is got[3]  # one str for all equal values, whatever the rows


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (pa.array([7, 8]), ["7", "8"]),
        (pa.array([7.0, None, float("nan")]), ["7", "", ""]),
        (pa.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
        (pa.array(["a"], pa.large_string()), ["a"]),
        (pa.array([True]), ["true"]),
    ],
)
def test_ids_of_any_type_are_text(values: Any, text: list[str]) -> None:
    assert read("text", values).tolist() == text


def test_numbers_are_read_from_text_and_missing_is_nan() -> None:
    got = read("number", pa.array([" 1.5", "-2e3", None]), pa.array(["4"]))
    np.testing.assert_array_equal(got, [1.5, -2000.0, np.nan, 4.0])


@pytest.mark.parametrize(
    "values",
    [
        pa.array(["881250949", "881250950.9"]),
        pa.array([881250949000, 881250950999]),
        pa.array(["1997-12-04T15:55:49Z", "1997-12-04 16:55:50+01:00"]),
        pa.array(["1997-12-04 15:55:49", "1997-12-04T15:55:50.5"]),
        pa.array([881250949, 881250950], pa.timestamp("s")),
        pa.array([881250949 * 10**6, 881250950 * 10**6], pa.timestamp("us", "UTC")),
    ],
)
def test_times_are_seconds_however_they_are_written(values: Any) -> None:
    got = read("time", values)
    assert got.dtype == np.int64
    assert got.tolist() == [881250949, 881250950]


def test_a_date_is_its_midnight_and_a_missing_time_is_nan() -> None:
    assert read("time", pa.array(["1970-01-02"])).tolist() == [86_400]
    missing = read("time", pa.array([None], pa.string()), pa.array(["1970-01-02"]))
    np.testing.assert_array_equal(missing, [np.nan, 86_400])


@pytest.mark.parametrize(
    ("form", "values", "message"),
    [
        ("number", pa.array(["1", "many"]), "x: values must be numbers, got 'many'; mend them"),
        ("number", pa.array(["1", "inf"]), "x: values must be finite numbers, got an infinite one"),
        ("text", pa.array([1.5]), "x: values must be text or whole numbers, got 1.5;"),
        ("text", pa.array([[1]]), "x: values must be text or whole numbers, got list"),
        ("time", pa.array(["31/12/2020"]), "or ISO 8601, got '31/12/2020';"),
        ("time", pa.array([1e16]), "x: values must be between the years 1900 and 2200, got "),
        ("time", pa.array([881250949, 881250949000]), "got 881250949 and 881250949000;"),
    ],
)
def test_a_value_of_another_form_is_refused_with_it(form: Form, values: Any, message: str) -> None:
    with pytest.raises(InputError) as refused:
        read(form, values)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("form", "values", "found"),
    [
        ("time", ["1714521600", "yesterday"], "ISO 8601, got 'yesterday';"),
        (
            "time",
            ["1714521600", "2024-05-01"],
            "all of one kind, got several ways to write",
        ),
        ("text", ["p3", "p3\0"], r"without the character NUL, got 'p3\x00';"),
    ],
)
def test_the_value_that_is_wrong_is_named(form: Form, values: list[str], found: str) -> None:
    with pytest.raises(InputError) as refused:
        read(form, pa.array(values))
    assert found in str(refused.value)


def test_a_column_of_numbers_and_dates_is_refused() -> None:
    message = "x: values must be all of one kind, got numbers and ISO 8601;"
    with pytest.raises(InputError, match=message):
        read("time", pa.array(["1"]), pa.array(["2020-01-01"]))


TEXT = st.text(st.characters(exclude_characters="\0"), min_size=1)


@given(st.lists(st.none() | TEXT, max_size=20), st.integers(1, 5))
def test_text_does_not_depend_on_where_batches_end(values: list[str | None], size: int) -> None:
    pieces = [pa.array(values[n : n + size], pa.string()) for n in range(0, len(values), size)]
    assert read("text", *pieces).tolist() == [value or "" for value in values]


def test_one_value_is_parsed_from_its_text() -> None:
    assert parse("x", "time", "1970-01-02") == 86_400
    assert parse("x", "text", "") == ""
    assert np.isnan(parse("x", "number", ""))
