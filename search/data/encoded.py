"""Encoded data: everything training and evaluation read, as arrays of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from search.data.schema import Array, Column

__all__ = ["EncodedData"]


@dataclass(frozen=True, eq=False)
class EncodedData:
    """A dataset of n interactions and C candidates after encoding and splitting.

    `queries` has an array for each query column, by interaction row (n, ...); `candidates` one for
    each candidate column, by catalogue row (C, ...); `columns` says what they hold. `positives`
    (n,) is the catalogue row of each interaction, `users` (n,) a number for each distinct raw
    user. `parts` holds the interaction rows of "train", "validation" and "test": disjoint,
    together all n, "test" possibly empty. `candidate_ids` (C,) are the raw ids as fixed-width str,
    and `counts` (C,) how often each candidate occurs in the training part. `encoders` is the state
    from which `search.data.encoders` builds the same encoding again for raw values, and `summary`
    describes the data: `source`, `licence`, counts of `users`, `candidates` and `interactions`
    (each: `all` and by part), and `cold`, the share of the validation and test interactions whose
    `candidate` or `user` training never saw. Both are plain JSON data. `times` (n,) are the
    interactions' int64 seconds, None where the source has none; `weights` (n,) what multiplies
    their losses, of mean 1 over the training part, None where all weigh the same.
    """

    fingerprint: str
    columns: tuple[Column, ...]
    queries: Mapping[str, Array]
    candidates: Mapping[str, Array]
    positives: npt.NDArray[np.int32]
    users: npt.NDArray[np.int32]
    parts: Mapping[str, npt.NDArray[np.int64]]
    candidate_ids: npt.NDArray[np.str_]
    counts: npt.NDArray[np.int64]
    encoders: tuple[Mapping[str, Any], ...]
    summary: Mapping[str, Any]
    times: npt.NDArray[np.int64] | None = None
    weights: npt.NDArray[np.float32] | None = None

    @property
    def n_candidates(self) -> int:
        """How many candidates the catalogue has (C)."""
        return len(self.candidate_ids)
