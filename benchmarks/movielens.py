"""MovieLens 100K as the engine reads it, for the benchmarks."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from search.data.cache import prepare
from search.data.encoded import EncodedData
from search.data.sources import load
from search.data.splits import Split
from search.training.threads import use_threads
from spaces import TowerConfig

__all__ = ["CORES", "FULL", "TUTORIAL", "encoded"]

CORES = len(os.sched_getaffinity(0))
_SHARED: dict[str, Any] = {"output_dim": 32, "embedding_dim": 32, "reduction": "sum"}
_SHARED |= {"optimizer": "adagrad", "learning_rate": 0.1}
TUTORIAL = TowerConfig(depth=2, width=64, batch_size=2048, negatives="in_batch", **_SHARED)
FULL = TowerConfig(depth=3, width=256, batch_size=512, negatives="full_softmax", **_SHARED)


@cache
def encoded() -> EncodedData:
    """The tutorial's split of the ratings; TensorFlow is given all cores."""
    use_threads(CORES)
    source = "movielens/100k"
    return prepare(lambda: load(source), Split(by="tutorial"), Path(mkdtemp()) / "data", None)
