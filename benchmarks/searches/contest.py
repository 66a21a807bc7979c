"""Who searches on the surrogate, and how each of them fares with one seed after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from importlib.util import find_spec
from multiprocessing import get_context
from typing import Any

from benchmarks.searches.records import read, spec
from benchmarks.searches.replay import Search, replay
from benchmarks.searches.surrogate import Surrogate
from search.tuners import PRUNERS, TUNERS

__all__ = ["contest", "surrogate"]

_TRIALS = 120  # of whole trials' epochs, for each search


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
    """Every tuner without a pruner, and the default tuner with every pruner."""
    for tuner in TUNERS:
        if not tuner.endswith(".grid") and (tuner != "optuna.gp" or find_spec("torch")):
            yield tuner, {"tuner": tuner, "pruner": "none"}
    for pruner in PRUNERS:
        if pruner != "none":
            yield f"optuna.tpe, {pruner}", {"tuner": "optuna.tpe", "pruner": pruner}


def _replayed(study: dict[str, Any], seed: int) -> Search:
    model = surrogate()
    return replay(spec(**study, trials=_TRIALS, seed=seed), model, _TRIALS * model.epochs)
