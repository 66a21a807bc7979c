"""Tables of TensorFlow Datasets beside those in files: both are opened here by their path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from search.data.schema import Array
from search.data.tables import FileTable, Table
from search.data.tfds import places, prepared, quiet_tfds, unreadable
from spaces.errors import InputError

__all__ = ["TFDS", "TfdsTable", "open_table"]

TFDS = "tfds:"
_ROWS = 1 << 17


def open_table(path: str, data_dir: Path | None = None) -> Table:
    """The table of a path: "tfds:NAME" of a prepared dataset, any other of a file or folder.

    `data_dir` is where prepared datasets are looked for first. What is not there is an InputError.
    """
    return TfdsTable(path, data_dir) if path.startswith(TFDS) else FileTable(path)


class TfdsTable(Table):
    """The examples of all splits of a prepared dataset; its columns are the scalar features."""

    def __init__(self, path: str, data_dir: Path | None = None) -> None:
        self._folder = _folder(path, data_dir)
        try:
            with quiet_tfds() as tfds:
                self._builder = tfds.builder_from_directory(self._folder)
        except Exception as error:  # of many kinds: files, records, features
            raise unreadable(self._folder, error) from error
        super().__init__(path, _schema(self._builder.info.features))

    def _batches(self, columns: Sequence[str]) -> Iterator[Any]:
        try:
            with quiet_tfds() as tfds:
                only = tfds.decode.PartialDecoding(dict.fromkeys(columns, True))
                records = self._builder.as_dataset(split="all", decoders=only).batch(_ROWS)
                for batch in tfds.as_numpy(records):
                    arrays = [_arrow(batch[name]) for name in columns]
                    yield pa.RecordBatch.from_arrays(arrays, names=list(columns))
        except Exception as error:
            raise unreadable(self._folder, error) from error


def _folder(path: str, data_dir: Path | None) -> Path:
    name, where = path.removeprefix(TFDS), places(data_dir)
    folder = prepared(name, where)
    if folder is None:
        raise InputError(
            f"{path}: must name a dataset that TensorFlow Datasets has prepared in "
            f"{' or '.join(map(str, where))}, got none there; run `tfds build {name}` or name its "
            "folder with --data-dir."
        )
    return folder


def _schema(features: Any) -> Any:
    scalars = {name: kind for name, kind in features.items() if kind.shape == ()}
    return pa.schema([(name, _type(kind.np_dtype)) for name, kind in scalars.items()])


def _type(dtype: Any) -> Any:
    return pa.string() if np.dtype(dtype) == object else pa.from_numpy_dtype(dtype)


def _arrow(values: Array) -> Any:
    if values.dtype != object:
        return pa.array(values)
    return pa.array(values, pa.binary()).cast(pa.string())
