"""Who searches on the surrogate, and how each of them fares with one seed after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from itertools import product
from multiprocessing import get_context
from typing import Any

from benchmarks.searches.records import read, spec
from benchmarks.searches.replay import Search, replay
from benchmarks.searches.surrogate import Surrogate
from search.tuners import PRUNERS, TUNERS, is_installed

__all__ = ["contest", "surrogate"]

_TRIALS = 120  # of whole trials' epochs, for each search
_PRUNED = ("optuna.gp", "optuna.tpe")  # who also searches with each pruner


def contest(names: Sequence[str], seeds: int) -> Iterator[tuple[str, list[Search]]]:
    """The searches of the contestants of these names, else of all, one for each seed."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for name, study in _contestants():
            if not names or name in names:
                yield name, list(pool.map(partial(_replayed, study), range(seeds)))


@cache
def surrogate() -> Surrogate:
    """The model of the recorded trials, fitted once in each process."""
    return Surrogate(spec().space, read())


def _contestants() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every tuner that is installed without a pruner, and the two best with every pruner."""
    for tuner in filter(is_installed, TUNERS):
        if not tuner.endswith(".grid"):
            yield tuner, {"tuner": tuner, "pruner": "none"}
    for tuner, pruner in product(filter(is_installed, _PRUNED), PRUNERS):
        if pruner != "none":
            yield f"{tuner}, {pruner}", {"tuner": tuner, "pruner": pruner}


def _replayed(study: dict[str, Any], seed: int) -> Search:
    model = surrogate()
    return replay(spec(**study, trials=_TRIALS, seed=seed), model, _TRIALS * model.epochs)
