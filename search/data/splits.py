"""Splits: which interactions train, which choose between trials, which are kept for the end."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from search.data.schema import Array, Dataset
from spaces.errors import InputError

__all__ = ["Method", "Rows", "Split", "for_the_test", "split"]

Method = Literal["random", "temporal", "leave_last_out", "tutorial"]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """How interactions are divided.

    "random" permutes them by `seed`; "temporal" orders them by time; both cut the order into the
    shares `train`, `validation` and `test`, which sum to 1. "leave_last_out" tests on each user's
    last interaction and validates on the one before. "tutorial" is the shuffle of TensorFlow
    Recommenders' "Building deep retrieval models": four fifths train, one fifth validates, no test.
    """

    by: Method = "random"
    train: float = 0.8
    validation: float = 0.1
    test: float = 0.1
    seed: int = 42

    def __post_init__(self) -> None:
        if self.by not in get_args(Method):
            known = ", ".join(get_args(Method))
            raise InputError(f"split: by must be one of {known}, got {self.by!r}.")
        for name in ("train", "validation", "test"):
            _check_share(name, getattr(self, name))
        total = self.train + self.validation + self.test
        if not math.isclose(total, 1.0, abs_tol=1e-9):
            raise InputError(
                f"split: train, validation and test must sum to 1, got {self.train} + "
                f"{self.validation} + {self.test} = {total:g}."
            )
        if type(self.seed) is not int or self.seed < 0:
            raise InputError(f"split: seed must be a whole number from 0, got {self.seed!r}.")

    @property
    def acting(self) -> dict[str, Any]:
        """The settings that the method reads: shares and a seed mean nothing to some."""
        shares = ("train", "validation", "test")
        read = {"random": (*shares, "seed"), "temporal": shares}
        return {"by": self.by, **{name: getattr(self, name) for name in read.get(self.by, ())}}


def split(dataset: Dataset, spec: Split) -> dict[str, Rows]:
    """The rows of "train", "validation" and "test": ascending, disjoint and together all rows.

    Only "test" may be empty: an empty training or validation part is an InputError.
    """
    if spec.by == "random":
        order = np.random.default_rng(spec.seed).permutation(_length(dataset))
        parts = _cut(order, spec.train, spec.validation)
    elif spec.by == "temporal":
        order = np.argsort(_column(dataset, "time", spec.by), kind="stable")
        parts = _cut(order, spec.train, spec.validation)
    elif spec.by == "leave_last_out":
        parts = _leave_last_out(
            _column(dataset, "user", spec.by), _column(dataset, "time", spec.by)
        )
    else:
        parts = _cut(_tutorial_order(_length(dataset)), 0.8, 0.2)
    _refuse_empty(parts, spec)
    return {name: np.sort(rows).astype(np.int64) for name, rows in parts.items()}


def for_the_test(parts: Mapping[str, Rows], spec: Split) -> dict[str, Rows]:
    """The same parts with validation's rows in training, as the models have been chosen.

    An InputError where there is no test part.
    """
    if not len(parts["test"]):
        raise InputError(
            f'split: by = "{spec.by}" keeps no test part to confirm on, got 0 interactions; search '
            "with another split."
        )
    return {
        "train": np.sort(np.concatenate([parts["train"], parts["validation"]])),
        "validation": np.zeros(0, np.int64),
        "test": parts["test"],
    }


def _check_share(name: str, share: object) -> None:
    if isinstance(share, bool) or not isinstance(share, int | float):
        raise InputError(f"split: {name} must be a number, got {share!r}.")
    if name == "test" and not 0 <= share < 1:
        raise InputError(f"split: test must be at least 0 and below 1, got {share}.")
    if name != "test" and not 0 < share < 1:
        raise InputError(f"split: {name} must be above 0 and below 1, got {share}.")


def _length(dataset: Dataset) -> int:
    return len(dataset.interactions[dataset.schema.candidate])


def _column(dataset: Dataset, role: Literal["user", "time"], by: str) -> Array:
    """The interactions' column for a role, which the split cannot do without."""
    name: str | None = getattr(dataset.schema, role)
    if name is None:
        raise InputError(
            f'split: by = "{by}" needs a {role} column, and {dataset.name} names none; name one or '
            'choose by = "random".'
        )
    values = dataset.interactions[name]
    missing = int(np.isnan(values).sum()) if role == "time" else 0
    if missing:
        raise InputError(
            f'split: by = "{by}" needs the time of every interaction, and {dataset.name} lacks '
            f'{missing:,}; fill {name} or choose by = "random".'
        )
    if by == "temporal" and len(np.unique(values)) == 1:
        raise InputError(
            f'split: by = "temporal" needs times that differ, and all of {dataset.name} are '
            f'{values[0]}; choose by = "random".'
        )
    return values


def _cut(order: Array, train: float, validation: float) -> dict[str, Array]:
    ends = [round(len(order) * train), round(len(order) * (train + validation))]
    return dict(zip(("train", "validation", "test"), np.split(order, ends), strict=True))


def _leave_last_out(users: Array, times: Array) -> dict[str, Array]:
    """Each user's last row and the one before, rows of equal time in their own order."""
    numbers = pd.factorize(users)[0]
    order = np.lexsort((times, numbers))
    following = np.append(numbers[order], [-1, -1])
    last = following[:-2] != following[1:-1]
    before = ~last & (following[:-2] != following[2:])
    return {
        "train": order[~last & ~before],
        "validation": order[before],
        "test": order[last],
    }


def _tutorial_order(length: int) -> Array:
    """The order of the tutorial's `shuffle(100_000, seed=42)` under the global seed 42."""
    from search.tensorflow import tf  # the other splits need no TensorFlow

    def shuffled() -> tf.Tensor:
        tf.random.set_seed(42)  # of the function's graph: the process keeps its own
        rows = tf.data.Dataset.range(length)
        rows = rows.shuffle(100_000, seed=42, reshuffle_each_iteration=False)
        return rows.batch(length).get_single_element()

    order: Array = tf.function(shuffled)().numpy()
    return order


def _refuse_empty(parts: Mapping[str, Array], spec: Split) -> None:
    total = sum(len(rows) for rows in parts.values())
    for name in ("train", "validation"):
        if not len(parts[name]):
            raise InputError(
                f"split: the {name} part must not be empty, got 0 of {total} interactions by "
                f'"{spec.by}"; give more data or another split.'
            )
