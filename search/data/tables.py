"""Tables in files, CSV or Parquet, one file or a folder of parts, read a batch at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset

from spaces.errors import InputError

__all__ = ["FileTable", "Table", "is_table"]

_CSV = (".csv", ".tsv", ".txt")
_PARQUET = (".parquet", ".pq")
_COMPRESSED = (".gz", ".bz2", ".zst", ".lz4")
_DELIMITERS = ",;\t|"
_BLOCK = 8 << 20  # bytes: no row of a CSV file may be longer
_ROWS = 1 << 17
_BYTES_LOOKED_AT = 1 << 16


def is_table(path: Path) -> bool:
    """Whether the path's name is that of a file this module reads."""
    return _suffix(path) in _CSV + _PARQUET


class Table(ABC):
    """Rows below named columns; `path` is what messages call them, `schema` an Arrow schema."""

    def __init__(self, path: str, schema: Any) -> None:
        self.path, self.schema = path, schema
        self.columns: list[str] = list(schema.names)

    def require(self, column: str) -> None:
        """Raise InputError where there is no such column."""
        if column not in self.columns:
            raise InputError(
                f"{column}: must be a column of {self.path}, got the columns "
                f"{', '.join(self.columns)}; name one of them."
            )

    def batches(self, columns: Sequence[str]) -> Iterator[Any]:
        """Arrow record batches of the columns, a hundred thousand rows at a time."""
        for column in columns:
            self.require(column)
        return self._batches(columns)

    @abstractmethod
    def _batches(self, columns: Sequence[str]) -> Iterator[Any]: ...


class FileTable(Table):
    """The rows of a CSV or Parquet file, or of all such files in a folder, in order of their names.

    CSV files begin with a line of column names, may be compressed, and are divided by commas,
    semicolons, tabs or bars; every value is text, and nothing between two of them is missing. What
    is not there, not whole or without a column is an InputError.
    """

    def __init__(self, path: str) -> None:
        files = _files(Path(path))
        with _blamed_on(path):
            self._dataset = _opened(files)
        super().__init__(path, self._dataset.schema)

    def _batches(self, columns: Sequence[str]) -> Iterator[Any]:
        with _blamed_on(self.path):
            scanner = self._dataset.scanner(
                columns=list(columns), batch_size=_ROWS, batch_readahead=2, fragment_readahead=1
            )
            yield from scanner.to_batches()


def _opened(paths: Sequence[Path]) -> Any:
    files = [str(path) for path in paths]
    if _suffix(paths[0]) in _PARQUET:
        return pa.dataset.dataset(files, format="parquet")
    parsing = pa.csv.ParseOptions(delimiter=_delimiter(paths[0]), newlines_in_values=True)
    names = pa.dataset.dataset(files[0], format=_csv(parsing, [])).schema.names
    return pa.dataset.dataset(files, format=_csv(parsing, names))


@contextmanager
def _blamed_on(path: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        why = str(error).splitlines()[0].rpartition("Invalid: ")[2].rstrip(".")
        raise InputError(
            f"{path}: must be a whole CSV file in UTF-8 or a whole Parquet file, and cannot be "
            f"read ({why}); mend it or write it again."
        ) from error


def _csv(parsing: Any, names: Sequence[str]) -> Any:
    return pa.dataset.CsvFileFormat(
        parse_options=parsing,
        read_options=pa.csv.ReadOptions(block_size=_BLOCK),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
        ),
    )


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise InputError(f"{path}: must be an existing file or folder; name another one.")
    files = sorted(filter(is_table, path.iterdir())) if path.is_dir() else [path]
    if not files or not is_table(files[0]):
        raise InputError(
            f"{path}: must be a CSV or Parquet file or a folder of them, by the ending "
            f"{', '.join(_CSV + _PARQUET)} (CSV also with {', '.join(_COMPRESSED)})."
        )
    for file in files:
        _check_content(file)
    return files


def _check_content(file: Path) -> None:
    if not _head(file).strip():
        raise InputError(f"{file}: must have rows, got an empty file.")


def _head(file: Path) -> bytes:
    """The first bytes of a file, after decompression."""
    try:
        with pa.input_stream(str(file)) as stream:
            return bytes(stream.read(_BYTES_LOOKED_AT))
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{file}: cannot be read ({str(error).splitlines()[0].rstrip('.')}); write it again."
        ) from error


def _delimiter(file: Path) -> str:
    """Of the usual delimiters, the one that the line of column names has most of."""
    line = _head(file).decode("utf-8", errors="replace").splitlines()[0]
    count: Callable[[str], int] = line.count
    return max(_DELIMITERS, key=count)


def _suffix(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _COMPRESSED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""
