"""Seconds an epoch and memory from 0.1 to 25 million interactions, made up here."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np

from benchmarks.memory import peak
from benchmarks.movielens import CORES, TUTORIAL
from benchmarks.pairs import Row
from search.data.encoded import EncodedData
from search.data.schema import Column
from search.training.threads import use_threads
from search.training.trainer import Trainer

__all__ = ["growth", "synthetic"]

# Interactions and candidates; a user has 150 interactions, as in MovieLens 25M.
_SIZES = [(100_000, 1_000), (1_000_000, 6_000), (5_000_000, 20_000), (25_000_000, 60_000)]
_BY_USER, _TOKENS = 150, 8


def growth() -> list[Row]:
    """An epoch of [64, 32] at batch 2048, each size in a process of its own."""
    return [_measured(*size) for size in _SIZES]


def synthetic(interactions: int, candidates: int) -> EncodedData:
    """Interactions whose candidates are as unequal as those of MovieLens: rank^-0.8."""
    random = np.random.default_rng(0)
    users = interactions // _BY_USER
    weights = np.arange(1, candidates + 1) ** -0.8
    positives = np.searchsorted(
        np.cumsum(weights) / weights.sum(), random.random(interactions, np.float32)
    ).astype(np.int32)
    np.minimum(positives, candidates - 1, out=positives)
    user = random.integers(users, size=interactions, dtype=np.int32)
    return EncodedData(
        fingerprint="synthetic",
        columns=(
            Column("user", "query", "index", users + 1),
            Column("when.bucket", "query", "index", 1001),
            Column("when.scaled", "query", "scaled"),
            Column("id", "candidate", "index", candidates + 1),
            Column("title", "candidate", "tokens", 10_000),
        ),
        queries={
            "user": user + np.int32(1),
            "when.bucket": random.integers(1001, size=interactions, dtype=np.int32),
            "when.scaled": random.standard_normal(interactions, np.float32),
        },
        candidates={
            "id": np.arange(1, candidates + 1, dtype=np.int32),
            "title": random.integers(10_000, size=(candidates, _TOKENS), dtype=np.int32),
        },
        positives=positives,
        users=user,
        parts={"train": np.arange(interactions), "validation": np.arange(0), "test": np.arange(0)},
        candidate_ids=np.arange(candidates).astype(str),
        counts=np.bincount(positives, minlength=candidates),
        encoders=(),
        summary={},
    )


def _measured(interactions: int, candidates: int) -> Row:
    command = [sys.executable, "-m", "benchmarks.growth", str(interactions), str(candidates)]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    seconds, peak = map(float, out.split())
    values = {
        "epoch, s": seconds,
        "epoch, s a million": seconds / interactions * 1e6,
        "peak memory, GB": peak / 1e9,
        "peak memory, bytes an interaction": peak / interactions,
    }
    return Row(
        f"{interactions / 1e6:g} million interactions, {candidates:,} candidates", "", values
    )


def _main(interactions: int, candidates: int) -> None:
    use_threads(CORES)
    trainer = Trainer(synthetic(interactions, candidates), TUTORIAL, 1)
    if interactions <= 1_000_000:  # larger ones hide what tracing takes
        trainer.train_epoch(1)
    started = time.perf_counter()
    trainer.train_epoch(2)
    seconds = time.perf_counter() - started
    print(seconds, peak())


if __name__ == "__main__":
    _main(*map(int, sys.argv[1:]))
