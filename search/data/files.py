"""The user's own files as a dataset: interactions, and candidates and queries where there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from search.data.progress import bar
from search.data.schema import Array, Dataset, Feature, Schema, Side
from search.data.tables import Table
from search.data.tfds_tables import open_table
from search.data.values import FORMS, Form, column
from spaces.errors import InputError

__all__ = ["Files", "load"]

Arrays = dict[str, Array]


@dataclass(frozen=True)
class Files:
    """Where data lies, and what its columns are.

    Each of `interactions`, `candidates` and `queries` is a path that `open_table` takes.
    `candidate` names the column that joins interactions and candidates, `user` the one that joins
    interactions and queries, `time` the one that orders interactions, `weight` the one that
    multiplies their losses. Without a table of candidates, the candidates are those of the
    interactions, each with the features of its first row.
    """

    interactions: str
    features: tuple[Feature, ...]
    candidate: str
    user: str = ""
    time: str = ""
    candidates: str = ""
    queries: str = ""
    licence: str = ""
    weight: str = ""

    def __post_init__(self) -> None:
        if not self.candidate:
            raise InputError(
                "data.candidate: must name the column of the candidates' ids; "
                f"`towersearch data {self.interactions}` proposes one."
            )
        if self.queries and not self.user:
            raise InputError(
                "data.user: must name the column that joins interactions and queries, got none."
            )
        for side in ("query", "candidate"):
            if not any(f.side == side and not f.optional for f in self.features):
                raise InputError(
                    f"data.features: must have a {side} feature that is not optional, got none; "
                    f"`towersearch data {self.interactions}` proposes some."
                )


def load(files: Files, data_dir: Path | None = None) -> Dataset:
    """Read the files, batch by batch; `data_dir` is where prepared TensorFlow Datasets lie.

    A missing column, a value of another kind, an interaction without candidate, a weight that is
    missing or below 0, and a table without rows are InputErrors.
    """
    interactions, forms = open_table(files.interactions, data_dir), _forms(files)
    candidates = open_table(files.candidates, data_dir) if files.candidates else None
    queries = open_table(files.queries, data_dir) if files.queries else None
    asked = _columns(files, "query") | {files.user, files.time} - {""}
    outer = asked - {*interactions.columns, files.user, files.time} if queries else set()
    offered = _columns(files, "candidate") | {files.candidate}
    inner = asked - outer | ({files.candidate} if candidates else offered)
    inner |= {files.weight} - {""}
    rows = _read(interactions, inner, forms)
    _check_candidates(rows[files.candidate], files)
    if queries:
        rows |= _looked_up(files, rows, _read(queries, outer | {files.user}, forms))
    catalogue = _read(candidates, offered, forms) if candidates else _first_rows(files, rows)
    return Dataset(
        name=Path(files.interactions).name,
        schema=Schema(files.features, files.candidate, files.user or None, files.time or None),
        interactions={name: rows[name] for name in asked | {files.candidate}},
        candidates={name: catalogue[name] for name in offered},
        licence=files.licence,
        weights=_weights(rows[files.weight], files) if files.weight else None,
    )


def _forms(files: Files) -> Mapping[str, Form]:
    """What each column is read as; features of one column must agree."""
    forms: dict[str, Form] = {files.candidate: "text", files.user: "text", files.time: "time"}
    forms[files.weight] = "number"
    for feature in files.features:
        form = FORMS[feature.kind]
        if forms.setdefault(feature.source, form) != form:
            raise InputError(
                f"{feature.name}: must read {feature.source} as {forms[feature.source]}, as other "
                f"settings do, got kind {feature.kind!r}; choose another kind or column."
            )
    return forms


def _columns(files: Files, side: Side) -> set[str]:
    return {feature.source for feature in files.features if feature.side == side}


def _read(table: Table, wanted: Iterable[str], forms: Mapping[str, Form]) -> Arrays:
    """The wanted columns, in the order of their names."""
    columns = {name: column(name, forms[name]) for name in sorted(wanted)}
    with bar(f"reading {table.path}") as advance:
        for batch in table.batches(list(columns)):
            for name, values in zip(columns, batch.columns, strict=True):
                columns[name].add(values)
            advance(batch.num_rows)
    arrays = {name: columns.pop(name).array() for name in list(columns)}
    if not all(len(values) for values in arrays.values()):
        raise InputError(f"{table.path}: must have rows, got none below the column names.")
    return arrays


def _check_candidates(candidates: Array, files: Files) -> None:
    missing = int((candidates == "").sum())
    if missing:
        raise InputError(
            f"{files.candidate}: each interaction must name its candidate, got {missing:,} of "
            f"{len(candidates):,} in {files.interactions} that do not; fill or drop them."
        )


def _weights(values: Array, files: Files) -> npt.NDArray[np.float64]:
    weights = np.asarray(values, np.float64)
    wrong = int((~(weights >= 0)).sum())
    if wrong:
        raise InputError(
            f"{files.weight}: each interaction must have a weight of 0 or more, got {wrong:,} of "
            f"{len(weights):,} in {files.interactions} that are missing or below; fill or drop "
            "them."
        )
    return weights


def _first_rows(files: Files, rows: Arrays) -> Arrays:
    """The first row of each candidate."""
    first = ~pd.Series(rows[files.candidate], dtype=object).duplicated().to_numpy()
    return {name: values[first] for name, values in rows.items()}


def _looked_up(files: Files, rows: Arrays, queries: Arrays) -> Arrays:
    """The queries' columns for each interaction, missing where its user is not among them."""
    users = pd.Index(queries[files.user], dtype=object)
    if not users.is_unique:
        twice = users[users.duplicated()].unique()
        raise InputError(
            f"{files.user}: must be unique in {files.queries}, got {len(twice):,} repeated, "
            "such as "
            f"{twice[0]!r}; keep one row of each."
        )
    places = users.get_indexer(pd.Index(rows[files.user], dtype=object))
    return {
        name: np.append(values, _missing(values))[places]
        for name, values in queries.items()
        if name != files.user
    }


def _missing(values: Array) -> Array:
    return np.array([""], object) if values.dtype == object else np.array([np.nan])
