"""Accuracy for users whom training never saw, by the share of ids that it takes for unknown."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from benchmarks.movielens import CORES
from benchmarks.pairs import Row
from search.data.encoded import EncodedData
from search.data.encoding import encode
from search.data.sources import load
from search.training.measures import top_k_accuracy
from search.training.threads import use_threads
from search.training.trainer import Trainer
from spaces import TowerConfig

__all__ = ["held_out_users"]

_RATES, _SEEDS = (0.0, 0.05, 0.1, 0.2), (1, 2, 3)
_EPOCHS, _EVERY, _K = 15, 3, 100


def held_out_users() -> list[Row]:
    """Top-100 accuracy on MovieLens 100K of users in training, and of the tenth held out."""
    use_threads(CORES)
    rows = [("most popular", [_popular(_data(seed)) for seed in _SEEDS])]
    rows += [(f"id_dropout {rate}", [_best(rate, seed) for seed in _SEEDS]) for rate in _RATES]
    return [
        Row(name, "", dict(zip(("users in training", "held out"), np.mean(pairs, 0), strict=True)))
        for name, pairs in rows
    ]


@cache
def _data(seed: int) -> EncodedData:
    """A tenth of the users as the test part, a tenth of the others' ratings as validation."""
    dataset, random = load("movielens/100k"), np.random.default_rng(seed)
    users = dataset.interactions["user_id"]
    names = random.permutation(np.unique(users))
    held_out = np.isin(users, names[: len(names) // 10])
    rows = random.permutation(np.flatnonzero(~held_out))
    train, validation = np.split(rows, [len(rows) * 9 // 10])
    parts = {"train": train, "validation": validation, "test": np.flatnonzero(held_out)}
    return encode(dataset, {name: np.sort(rows) for name, rows in parts.items()}, fit_on_all=False)


def _best(rate: float, seed: int) -> tuple[float, float]:
    """Both accuracies after the epoch that is best for users in training."""
    return max(_curve(rate, seed))


def _curve(rate: float, seed: int) -> Iterator[tuple[float, float]]:
    config = TowerConfig(depth=2, width=128, epochs=_EPOCHS, id_dropout=rate)
    trainer = Trainer(_data(seed), config, seed)
    for epoch in range(1, _EPOCHS + 1):
        trainer.train_epoch(epoch)
        if epoch % _EVERY == 0:
            known, new = (trainer.evaluate(part).ranks for part in ("validation", "test"))
            yield top_k_accuracy(known, _K), top_k_accuracy(new, _K)


def _popular(data: EncodedData) -> tuple[float, float]:
    best = np.argsort(-data.counts, kind="stable")[:_K]
    known, new = (np.isin(data.positives[data.parts[p]], best) for p in ("validation", "test"))
    return float(known.mean()), float(new.mean())
