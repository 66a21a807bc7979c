"""A table is read from what people have: any delimiter, compressed, in parts, half written."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from search.data.tables import FileTable
from spaces.errors import InputError


def rows(path: Path, *columns: str) -> list[tuple[Any, ...]]:
    batches = FileTable(str(path)).batches(columns)
    return [row for batch in batches for row in zip(*batch.to_pydict().values(), strict=True)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_quoted_delimiters_and_newlines_belong_to_the_value(tmp_path: Path, delimiter: str) -> None:
    text = f'id{delimiter}имя\n007{delimiter}"a{delimiter} ""b""\nc"\n8{delimiter}\n'
    (tmp_path / "t.csv").write_text(text)
    assert rows(tmp_path / "t.csv", "id", "имя") == [("007", f'a{delimiter} "b"\nc'), ("8", None)]


def test_a_folder_is_its_parts_in_order_and_only_the_wanted_columns(tmp_path: Path) -> None:
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"x,y\n2,b\n"))
    (tmp_path / "a.csv").write_text("x,y\n1,a\n")
    (tmp_path / "_SUCCESS").touch()
    assert rows(tmp_path, "y") == [("a",), ("b",)]


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    pa.parquet.write_table(pa.table({"x": [1, 2], "y": ["a", None]}), tmp_path / "t.parquet")
    assert rows(tmp_path / "t.parquet", "x", "y") == [(1, "a"), (2, None)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", b"", "must have rows, got an empty file."),
        (
            "t.csv",
            b"x,y\n1,2\n3\n",
            "must be a whole CSV file in UTF-8 or a whole Par",
        ),
        ("t.csv", "x,y\n1,é\n".encode("latin-1"), "cannot be read ("),
        ("t.csv.gz", gzip.compress(b"x,y\n1,2\n" * 9_999, mtime=0)[:50], "cannot be read ("),
        (
            "t.parquet",
            b"PAR1 half",
            "must be a whole CSV file in UTF-8 or a whole Par",
        ),
        ("t.xlsx", b"PK", "must be a CSV or Parquet file or a folder of them, by the ending .csv"),
    ],
)
def test_what_cannot_be_read_is_named(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as refused:
        rows(tmp_path / name, "x", "y")
    assert str(refused.value).startswith(str(tmp_path / name))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_and_a_folder_without_tables_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.csv: must be an existing file or folder;"):
        FileTable(str(tmp_path / "none.csv"))
    with pytest.raises(InputError, match="must be a CSV or Parquet file or a folder of them"):
        FileTable(str(tmp_path))


def test_a_missing_column_is_answered_with_those_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("user,item\n1,2\n")
    with pytest.raises(InputError) as refused:
        rows(tmp_path / "t.csv", "users")
    assert str(refused.value) == (
        f"users: must be a column of {tmp_path}/t.csv, got the columns user, item; name one of "
        "them."
    )


def test_a_file_with_a_column_twice_is_refused(tmp_path: Path) -> None:
    twice = pa.table([pa.array([1]), pa.array([2])], names=["x", "x"])
    pa.parquet.write_table(twice, tmp_path / "t.parquet")
    with pytest.raises(InputError, match=r"cannot be read \(Can't unify schema with duplicate fie"):
        FileTable(f"{tmp_path}/t.parquet")
    (tmp_path / "t.csv").write_text("x,x\n1,2\n")
    with pytest.raises(InputError, match=r"cannot be read \(CSV file contained multiple columns "):
        FileTable(f"{tmp_path}/t.csv")
