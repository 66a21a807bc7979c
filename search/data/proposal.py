"""What a user's files probably hold: the roles and features that their columns suggest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from search.data.files import Files
from search.data.schema import Feature, Kind, Side
from search.data.tfds_tables import open_table
from search.data.values import FORMS, column
from spaces.errors import InputError

__all__ = ["Proposal", "propose"]

_ROWS = 200_000
_WORDS = 1.5  # on average, more make a column text
_TAGGED = 0.1  # of the values, more that have a bar make a column tags
_CATEGORIES = 50  # at most so many distinct values make a category
_SECONDS = 10**8  # since 1970, until March 1973: numbers below are no times
_USER = r"user|customer|member|visitor|client|account|person|session|buyer|reader|query"
_CANDIDATE = r"item|product|movie|film|book|track|song|artist|article|sku|video|title|candidate"
_TIME = r"time|date|_at$|day|when|stamp"


@dataclass(frozen=True)
class Proposal:
    """The files as they seem to be, and the interactions' columns that no feature reads."""

    files: Files
    left_out: Sequence[str]


@dataclass(frozen=True)
class _Look:
    """A column's first rows as text, "" where missing."""

    name: str
    values: pd.Series[str]
    kind: Kind

    @property
    def distinct(self) -> int:
        return int(self.values[self.values != ""].nunique())


def propose(
    interactions: str, candidates: str = "", queries: str = "", data_dir: Path | None = None
) -> Proposal:
    """Guess from names and from the first 200,000 rows of each file.

    Where no column can be told to be the candidates', that is an InputError.
    """
    rows = _look(interactions, data_dir)
    catalogue = _look(candidates, data_dir) if candidates else {}
    asking = _look(queries, data_dir) if queries else {}
    time = _time(rows)
    candidate = _joining(_first_last(rows), catalogue, _CANDIDATE, _USER, {time})
    user = _joining(rows, asking, _USER, _CANDIDATE, {time, candidate})
    if not candidate:
        raise InputError(
            f"{interactions}: must have a column of candidates' ids, got the columns "
            f"{', '.join(rows)}; add one."
        )
    of_candidate = catalogue or _determined(rows, candidate, {user, time})
    of_query = {name: rows[name] for name in (user, time) if name} | asking
    used = {candidate, user, time, *of_candidate, *of_query}
    features = [
        *_features(of_query, "query", user),
        *_of_times(of_query),
        *_features({candidate: rows[candidate]} | of_candidate, "candidate", candidate),
    ]
    named = Files(interactions, tuple(_named(features)), candidate, user, time, candidates, queries)
    return Proposal(named, [name for name in rows if name not in used])


def _look(path: str, data_dir: Path | None) -> dict[str, _Look]:
    table = open_table(path, data_dir)
    taken: list[pa.RecordBatch] = []
    for batch in table.batches(table.columns):
        taken.append(batch)
        if sum(piece.num_rows for piece in taken) >= _ROWS:
            break
    rows = pa.Table.from_batches(taken, table.schema).slice(0, _ROWS)
    if not rows.num_rows:
        raise InputError(f"{path}: must have rows, got none below the column names.")
    return {name: _look_at(name, rows[name].combine_chunks()) for name in table.columns}


def _look_at(name: str, values: pa.Array) -> _Look:
    present = values.drop_null()
    text = pd.Series([str(value) for value in present.to_pylist()], dtype=object)
    return _Look(name, _aligned(values, text), _kind(name, present, text))


def _aligned(values: pa.Array, text: pd.Series[str]) -> pd.Series[str]:
    aligned = np.full(len(values), "", object)
    aligned[np.asarray(values.is_valid())] = text
    return pd.Series(aligned, dtype=object)


def _kind(name: str, present: pa.Array, text: pd.Series[str]) -> Kind:
    if not len(present):
        return "category"
    if _reads_as(present, "time") and (not _reads_as(present, "number") or _is_recent(present)):
        return "time"
    if _reads_as(present, "number"):
        return "id" if re.search(r"(^|_)id$|Id$|ID$", name) else "number"
    if np.mean(["|" in value for value in text]) > _TAGGED:
        return "tags"
    if np.mean([len(value.split()) for value in text]) > _WORDS:
        return "text"
    return "category" if text.nunique() <= _CATEGORIES else "id"


def _reads_as(values: pa.Array, kind: Kind) -> bool:
    try:
        read = column("", FORMS[kind])
        read.add(values)
        read.array()
    except InputError:
        return False
    return True


def _is_recent(values: pa.Array) -> bool:
    numbers = column("", "number")
    numbers.add(values)
    found = numbers.array().astype(float)
    return len(found) > 0 and bool((found >= _SECONDS).all())


def _time(rows: Mapping[str, _Look]) -> str:
    times = [name for name, look in rows.items() if look.kind == "time"]
    named = [name for name in times if re.search(_TIME, name, re.IGNORECASE)]
    return [*named, *times, ""][0]


def _first_last(rows: Mapping[str, _Look]) -> dict[str, _Look]:
    """The columns with the first one last: files begin with who asks."""
    first, *others = rows.items()
    return dict([*others, first])


def _joining(
    rows: Mapping[str, _Look], other: Mapping[str, _Look], hint: str, not_hint: str, taken: Set[str]
) -> str:
    """The interactions' column that joins another table, or the one most like such a column."""
    able = [look for name, look in rows.items() if name not in taken and look.distinct > 1]
    if other:
        able = [look for look in able if look.name in other and _is_key(other[look.name])]

    def unlikeliness(look: _Look) -> tuple[bool, bool, bool]:
        hinted, against = (
            re.search(pattern, look.name, re.IGNORECASE) for pattern in (hint, not_hint)
        )
        return not hinted, bool(against), look.kind in ("time", "number")

    return min(able, key=unlikeliness).name if able else ""


def _is_key(look: _Look) -> bool:
    return bool(look.values.is_unique)


def _determined(rows: Mapping[str, _Look], candidate: str, taken: Set[str]) -> dict[str, _Look]:
    """The interactions' columns that have one value a candidate."""
    groups = rows[candidate].values
    return {
        name: look
        for name, look in rows.items()
        if name not in taken | {candidate}
        and bool((look.values.groupby(groups).nunique() <= 1).all())
    }


def _features(looks: Mapping[str, _Look], side: Side, key: str) -> Iterator[Feature]:
    for name, look in looks.items():
        if name == key:
            yield Feature(_identifier(name, side), "id", side, column=name)
        elif look.distinct > 1:
            yield Feature(_identifier(name, side), look.kind, side, column=name)


def _of_times(looks: Mapping[str, _Look]) -> Iterator[Feature]:
    """The hour and the weekday of every time, for spaces to name."""
    units: Sequence[Kind] = ("hour", "weekday")
    for name, look in looks.items():
        for unit in units if look.kind == "time" and look.distinct > 1 else ():
            called = f"{_identifier(name, 'query')}_{unit}"
            yield Feature(called, unit, "query", column=name, optional=True)


def _identifier(name: str, side: Side) -> str:
    letters = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")
    return letters if re.match(r"[A-Za-z]", letters) else f"{side}_{letters}".strip("_")


def _named(features: Sequence[Feature]) -> Iterator[Feature]:
    """The features under names that differ, each column said only where it is another word."""
    known: set[str] = set()
    for feature in features:
        number = next(n for n in range(1, 1_000) if _numbered(feature.name, n) not in known)
        name = _numbered(feature.name, number)
        known.add(name)
        column_ = "" if name == feature.column else feature.column
        yield replace(feature, name=name, column=column_)


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"
