"""What a dataset is: query features, candidate features, and interactions that join them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from spaces.errors import InputError

__all__ = ["Array", "Column", "Dataset", "Feature", "Kind", "Schema", "Side"]

Array = npt.NDArray[np.generic]
Kind = Literal["id", "category", "text", "tags", "time", "hour", "weekday", "number"]
Side = Literal["query", "candidate"]


@dataclass(frozen=True)
class Feature:
    """One feature of a side, read from a raw column (`column`, or `name` where that is empty).

    Of an id or a category, the `vocabulary` most frequent values have a row of their own (0: all of
    them); with `hashing`, all values share so many rows by their hash. A text has `tokens` rows,
    two of them for no token and for unseen ones, and so have tags, which `separator` divides; a
    time has `buckets` boundaries. An hour and a weekday are of a time, in UTC. What is `optional`
    takes part only where a space names it.
    """

    name: str
    kind: Kind
    side: Side
    column: str = ""
    vocabulary: int = 0
    hashing: int = 0
    tokens: int = 10_000
    buckets: int = 1_000
    separator: str = "|"
    optional: bool = False

    def __post_init__(self) -> None:
        _check(
            self.name,
            "name",
            "an ASCII letter, then letters, digits or underscores, as served models name their "
            "inputs so",
            self.name,
            re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", self.name) is not None,
        )
        for key, known in (("kind", get_args(Kind)), ("side", get_args(Side))):
            value = getattr(self, key)
            _check(self.name, key, f"one of {', '.join(known)}", value, value in known)
        for key, low in _LEAST.items():
            value = getattr(self, key)
            _check(self.name, key, f"a whole number from {low}", value, _whole(value, low))
        value = self.separator
        _check(self.name, "separator", "text of at least one character", value, _is_text(value))
        value = self.optional
        _check(self.name, "optional", "true or false", value, isinstance(value, bool))
        for key, kinds in _SETTINGS.items():
            if getattr(self, key) != getattr(Feature, key) and self.kind not in kinds:
                raise InputError(
                    f"{self.name}: {key} is for features of kind {' or '.join(kinds)}, got "
                    f"{self.kind!r}; leave it out."
                )

        if self.hashing and self.vocabulary:
            raise InputError(
                f"{self.name}: hashing and vocabulary exclude each other, got {self.hashing} and "
                f"{self.vocabulary}; leave one out."
            )

    @property
    def source(self) -> str:
        """The raw column that the feature reads."""
        return self.column or self.name

    def as_table(self) -> dict[str, Any]:
        """What is said of the feature, but for its name: plain data, defaults left out."""
        told = {field.name: getattr(self, field.name) for field in fields(self)[1:]}
        return {key: value for key, value in told.items() if value != getattr(Feature, key, None)}


_LEAST: Mapping[str, int] = {"vocabulary": 0, "hashing": 0, "tokens": 3, "buckets": 2}
_SETTINGS: Mapping[str, tuple[Kind, ...]] = {
    "vocabulary": ("id", "category"),
    "hashing": ("id", "category"),
    "tokens": ("text", "tags"),
    "buckets": ("time",),
    "separator": ("tags",),
}


def _whole(value: Any, low: int) -> bool:
    return type(value) is int and value >= low


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _check(feature: str, key: str, rule: str, value: Any, fits: bool) -> None:
    if not fits:
        raise InputError(f"{feature}: {key} must be {rule}, got {value!r}.")


@dataclass(frozen=True)
class Schema:
    """The features, and the columns that join (`candidate`), name a user and order in time."""

    features: tuple[Feature, ...]
    candidate: str
    user: str | None = None
    time: str | None = None


@dataclass(frozen=True)
class Dataset:
    """Raw data: `interactions` columns of n rows, `candidates` columns of one row a candidate.

    `interactions` holds the query features' columns and the candidate column; `candidates` the
    candidate features' columns and the candidate column, whose values are unique. Text and ids
    are arrays of str objects, "" where missing; times int64 seconds, or float64 with NaN where
    missing; numbers float64, NaN where missing. `weights` (n,) are float64 of 0 or more, None where
    all interactions weigh the same.
    """

    name: str
    schema: Schema
    interactions: Mapping[str, Array]
    candidates: Mapping[str, Array]
    licence: str = ""
    weights: npt.NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Column:
    """One encoded column as the model sees it.

    `index` columns are int32 (n,) below `rows`, 0 for what training never saw; `tokens` int32
    (n, length) below `rows`, padded with 0, which stands for no token; `scaled` float32 (n,) of
    mean 0 and variance 1 over training. `optional` is the feature's.
    """

    name: str
    side: Side
    form: Literal["index", "tokens", "scaled"]
    rows: int = 0
    optional: bool = False

    @property
    def has_unknown(self) -> bool:
        """Whether 0 stands for what training never saw: an id, a category, the hour of no time."""
        return self.form == "index" and self.name == self.feature

    @property
    def feature(self) -> str:
        """The feature that the column encodes, alone or as "feature.bucket", "feature.scaled"."""
        return self.name.removesuffix(".bucket").removesuffix(".scaled")
