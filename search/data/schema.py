"""What a dataset is: query features, candidate features, and interactions that join them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = ["Array", "Column", "Dataset", "Feature", "Kind", "Schema", "Side"]

Array = npt.NDArray[np.generic]
Kind = Literal["id", "text", "time", "number", "category"]
Side = Literal["query", "candidate"]


@dataclass(frozen=True)
class Feature:
    """One feature of a side, read from a raw column (`column`, or `name` where that is empty)."""

    name: str
    kind: Kind
    side: Side
    column: str = ""

    @property
    def source(self) -> str:
        """The raw column that the feature reads."""
        return self.column or self.name


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
    are arrays of str objects, "" where missing; times int64 seconds; numbers float64, NaN where
    missing.
    """

    name: str
    schema: Schema
    interactions: Mapping[str, Array]
    candidates: Mapping[str, Array]
    licence: str = ""


@dataclass(frozen=True)
class Column:
    """One encoded column as the model sees it.

    `index` columns are int32 (n,) below `rows`, 0 for what training never saw; `tokens` int32
    (n, length) below `rows`, padded with 0, which stands for no token; `scaled` float32 (n,) of
    mean 0 and variance 1 over training.
    """

    name: str
    side: Side
    form: Literal["index", "tokens", "scaled"]
    rows: int = 0

    @property
    def feature(self) -> str:
        """The feature that the column encodes, alone or as "feature.bucket", "feature.scaled"."""
        return self.name.removesuffix(".bucket").removesuffix(".scaled")
