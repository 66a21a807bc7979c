"""Folds small enough to work out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from search.baselines.fold import Fold
from search.data.encoded import EncodedData
from tests.search.examples import DATA

__all__ = ["data_of", "fold_of"]


def data_of(
    train: Sequence[tuple[int, int]],
    validation: Sequence[tuple[int, int]],
    n_candidates: int,
    times: Sequence[int] | None = None,
) -> EncodedData:
    """Data of (user, candidate) pairs; `times` are of the training pairs."""
    users, positives = np.array([*train, *validation], np.int32).T
    rows = np.arange(len(users))
    return replace(
        DATA,
        users=users,
        positives=positives,
        parts={"train": rows[: len(train)], "validation": rows[len(train) :]},
        candidate_ids=np.array([f"f{n:02}" for n in range(n_candidates)]),
        counts=np.bincount(positives[: len(train)], minlength=n_candidates),
        times=None if times is None else np.array([*times, *(0 for _ in validation)]),
    )


def fold_of(
    train: Sequence[tuple[int, int]],
    validation: Sequence[tuple[int, int]] = ((0, 0),),
    n_candidates: int = 4,
    times: Sequence[int] | None = None,
    exclude_seen: bool = False,
) -> Fold:
    """The fold of such data."""
    data = data_of(train, validation, n_candidates, times)
    return Fold(data, data.parts["train"], data.parts["validation"], exclude_seen)
