"""Whether the tables of embeddings that data asks for fit into this machine's memory."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from search.data.schema import Column
from spaces import InputError, SearchSpace
from spaces.model import DEFAULTS

__all__ = ["check_tables"]

_COPIES = 4  # the weights, their gradient and an optimizer's two slots
_BYTES = 4


def check_tables(columns: Sequence[Column], space: SearchSpace) -> None:
    """Raise `InputError` where the largest embeddings of the space do not fit."""
    widest = max(_widths(space))
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for column in columns:
        needed = column.rows * widest * _BYTES * _COPIES
        if needed > memory:
            fitting = memory // (2 * widest * _BYTES * _COPIES)
            raise InputError(
                f"{column.name}: its embeddings must fit into memory of {_gigabytes(memory)}, got "
                f"{column.rows:,} rows of {widest} that need {_gigabytes(needed)} in training; say "
                f"hashing = {fitting:_} in its feature to have values share rows."
            )


def _widths(space: SearchSpace) -> Sequence[Any]:
    if "embedding_dim" not in space:
        return [DEFAULTS["embedding_dim"]]
    return space["embedding_dim"].grid()


def _gigabytes(count: int) -> str:
    return f"{count / 2**30:.1f} GiB"
