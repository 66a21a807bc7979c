"""Asks an exported model: parses queries, answers them, and measures how long that takes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from search.data.schema import Array
from search.data.tables import FileTable
from search.data.values import Form, column, parse
from search.tensorflow import tf
from spaces import InputError

__all__ = ["MANIFEST", "MODEL", "Answer", "Served", "measured"]

MODEL, MANIFEST = "model", "model.json"
_ROWS_A_CALL = 256
_TIMES = 50

Answer = dict[str, Any]


class Served:
    """A folder that `search.serving.export` wrote; a folder of another kind is an InputError."""

    def __init__(self, folder: Path) -> None:
        try:
            self.manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
            self._model = tf.saved_model.load(str(folder / MODEL / "1"))
        except (OSError, ValueError) as error:
            raise InputError(
                f"{folder}: must be a folder that `towersearch export` wrote whole, and cannot be "
                f"read ({str(error).splitlines()[0].rstrip('.')}); export again."
            ) from error
        self.forms: dict[str, Form] = self.manifest["inputs"]
        self._signature = self._model.signatures["serving_default"]

    def parse(self, words: Iterable[str]) -> dict[str, Array]:
        """One query (1,) from words such as `user_id=42`; what is not given is missing."""
        given: dict[str, str] = {}
        for word in words:
            name, separator, value = word.partition("=")
            if not separator or name not in self.forms:
                raise InputError(
                    f"query: must be words INPUT=VALUE of the inputs {', '.join(self.forms)}, got "
                    f"{word!r}."
                )
            if name in given:
                raise InputError(
                    f"query: must name each input once, got {name} twice; ask for several queries "
                    "with --batch."
                )
            given[name] = value
        return {
            name: _typed([parse(name, form, given.get(name, ""))], form)
            for name, form in self.forms.items()
        }

    def read(self, path: str) -> dict[str, Array]:
        """A file's queries, its columns called as the inputs; a column not there is missing."""
        table = FileTable(path)
        present = {
            name: column(name, self.forms[name]) for name in self.forms if name in table.columns
        }
        if not present:
            raise InputError(
                f"{path}: must have columns of the inputs {', '.join(self.forms)}, got "
                f"{', '.join(table.columns)}; rename them."
            )
        for batch in table.batches(list(present)):
            for name, values in zip(present, batch.columns, strict=True):
                present[name].add(values)
        arrays = {name: found.array() for name, found in present.items()}
        rows = len(next(iter(arrays.values())))
        return {
            name: _typed(arrays.get(name, [parse(name, form, "")] * rows), form)
            for name, form in self.forms.items()
        }

    def lacking(self, path: str) -> list[str]:
        """The inputs that have no column in a file of queries."""
        columns = FileTable(path).columns
        return [name for name in self.forms if name not in columns]

    def answer(self, queries: Mapping[str, Array], k: int) -> list[Answer]:
        """An answer for each of n queries: its `candidates`, each `id` and `score`.

        `known` says whether all of its ids have rows of their own, `trained` whether the rows
        that answered for its ids were trained.
        """
        if not 1 <= k <= self.manifest["k"]:
            raise InputError(
                f"k: must be from 1 to the {self.manifest['k']} that the model was exported with, "
                f"got {k}; export again with -k."
            )
        rows = len(next(iter(queries.values())))
        answers: list[Answer] = []
        for start in range(0, rows, _ROWS_A_CALL):
            block = slice(start, start + _ROWS_A_CALL)
            answers += self._block({name: values[block] for name, values in queries.items()}, k)
        return answers

    def call(self, queries: Mapping[str, Array]) -> dict[str, Any]:
        """The signature's own outputs."""
        types = {"text": tf.string, "number": tf.float64, "time": tf.float64}
        raw = {
            name: tf.constant(values, types[self.forms[name]]) for name, values in queries.items()
        }
        return {name: value.numpy() for name, value in self._signature(**raw).items()}

    def _block(self, queries: Mapping[str, Array], k: int) -> list[Answer]:
        found, unknown_trained = self.call(queries), self.manifest["unknown_trained"]
        return [
            {
                "known": bool(known),
                "trained": bool(known) or unknown_trained,
                "candidates": _listed(ids[:k], scores[:k]),
            }
            for ids, scores, known in zip(
                found["ids"], found["scores"], found["known"], strict=True
            )
        ]


def measured(folder: Path) -> dict[str, float]:
    """What serving costs: `load_seconds`, `bytes`, and the `milliseconds` of one query.

    The latter are the median of 50 calls, and `milliseconds_95` their 95th percentile.
    """
    started = time.perf_counter()
    served = Served(folder)
    loaded = time.perf_counter() - started
    asked = served.parse([])
    served.call(asked)
    seconds = [_timed(served, asked) for _ in range(_TIMES)]
    size = sum(file.stat().st_size for file in (folder / MODEL).rglob("*") if file.is_file())
    return {
        "load_seconds": loaded,
        "milliseconds": 1e3 * float(np.median(seconds)),
        "milliseconds_95": 1e3 * float(np.quantile(seconds, 0.95)),
        "bytes": size,
    }


def _timed(served: Served, query: Mapping[str, Array]) -> float:
    started = time.perf_counter()
    served.call(query)
    return time.perf_counter() - started


def _typed(values: Any, form: Form) -> Array:
    return np.asarray(values, object if form == "text" else np.float64)


def _listed(ids: Array, scores: Array) -> list[dict[str, Any]]:
    return [
        {"id": name.decode(), "score": float(score)}
        for name, score in zip(ids, scores, strict=True)
        if np.isfinite(score)
    ]
