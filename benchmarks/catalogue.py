"""Validation against a catalogue of 100,000 candidates, and what memory it takes."""

from __future__ import annotations

import numpy as np

from benchmarks.memory import peak
from benchmarks.movielens import CORES
from benchmarks.pairs import Row, in_turns, row
from search.tensorflow import tf, tfrs
from search.training.evaluation import rank
from search.training.threads import use_threads

__all__ = ["large_catalogue"]

_QUERIES, _CANDIDATES, _WIDTH, _BATCH = 20_000, 100_000, 32, 4096


def large_catalogue() -> list[Row]:
    """Ranks of 20,000 queries; `FactorizedTopK` streams the same vectors in its own batches."""
    use_threads(CORES)
    random = np.random.default_rng(0)
    queries, candidates = (
        tf.constant(random.normal(size=(n, _WIDTH)), tf.float32) for n in (_QUERIES, _CANDIDATES)
    )
    targets = random.integers(_CANDIDATES, size=_QUERIES).astype(np.int32)
    before = peak()
    rank(queries, candidates, targets)
    grown = peak() - before
    ways = {
        "FactorizedTopK": lambda: _stream(queries, candidates, targets),
        "engine": lambda: rank(queries, candidates, targets),
    }
    seconds = in_turns(ways, turns=3)
    note = f"the engine's first ranking raised the peak memory by {grown / 1e6:.0f} MB"
    return [row("ranks among 100,000 candidates", seconds, of="engine", note=note)]


def _stream(queries: tf.Tensor, candidates: tf.Tensor, targets: np.ndarray) -> None:
    metric = tfrs.metrics.FactorizedTopK(tf.data.Dataset.from_tensor_slices(candidates).batch(128))
    for start in range(0, _QUERIES, _BATCH):
        rows = slice(start, start + _BATCH)
        metric.update_state(queries[rows], tf.gather(candidates, targets[rows]))
