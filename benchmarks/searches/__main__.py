"""`make bench-search`: every tuner and pruner replayed on the surrogate, with 20 seeds."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.searches.figure import draw
from benchmarks.searches.records import read, spec
from benchmarks.searches.replay import Search, replay
from benchmarks.searches.surrogate import Surrogate
from search.tuners import PRUNERS, TUNERS

_TRIALS = 40  # of whole trials' epochs, for each search
_NEAR = 0.99  # of the surrogate's best
_SAMPLES = 20_000


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help='such as "optuna.tpe, median"; else all')
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--figure", type=Path, default=Path("docs/searches.png"))
    given = parser.parse_args()
    recorded = read()
    surrogate = Surrogate(spec().space, recorded)
    print(f"{len(recorded)} recorded trials of {surrogate.epochs} epochs")
    print(f"rank correlation on held-out trials: {surrogate.rank_correlation():.2f}")
    searches: dict[str, list[Search]] = {}
    for name, study in _contestants(given.names):
        searches[name] = [_replayed(study, surrogate, seed) for seed in range(given.seeds)]
        print(f"  {name}: {np.mean([s.best[-1] for s in searches[name]]):.4f}", flush=True)
    best = max(_sampled_best(surrogate), *(s.best[-1] for runs in searches.values() for s in runs))
    print("\n".join(_table(searches, best)))
    draw(
        {name: [best - np.array(s.best) for s in runs] for name, runs in searches.items()},
        given.figure,
    )


def _contestants(names: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Those of the names, else every one."""
    return ((name, study) for name, study in _all() if not names or name in names)


def _all() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every tuner without a pruner, and the default tuner with every pruner."""
    for tuner in TUNERS:
        if not tuner.endswith(".grid") and (tuner != "optuna.gp" or find_spec("torch")):
            yield tuner, {"tuner": tuner, "pruner": "none"}
    for pruner in PRUNERS:
        if pruner != "none":
            yield f"optuna.tpe, {pruner}", {"tuner": "optuna.tpe", "pruner": pruner}


def _replayed(study: dict[str, Any], surrogate: Surrogate, seed: int) -> Search:
    return replay(spec(**study, trials=_TRIALS, seed=seed), surrogate, _TRIALS * surrogate.epochs)


def _sampled_best(surrogate: Surrogate) -> float:
    space = spec().space
    configs = [space.sample(seed) for seed in range(_SAMPLES)]
    return float(surrogate.curves(configs).max())


def _table(searches: dict[str, list[Search]], best: float) -> Iterator[str]:
    """A row a search, those first that come near the best after the fewest epochs."""
    yield "| tuner | epochs to within 1% of the best, median (quartiles) | seeds | last regret |"
    yield "|---|---|---|---|"
    reached = {
        name: [run.epochs_to(_NEAR * best) or np.inf for run in runs]
        for name, runs in searches.items()
    }
    regrets = {
        name: np.mean([best - run.best[-1] for run in runs]) for name, runs in searches.items()
    }
    for name in sorted(searches, key=lambda name: (np.median(reached[name]), regrets[name])):
        low, middle, high = (_epochs(reached[name], q) for q in (25, 50, 75))
        seeds = f"{sum(np.isfinite(reached[name]))} of {len(reached[name])}"
        yield f"| `{name}` | {middle} ({low} to {high}) | {seeds} | {regrets[name]:.4f} |"


def _epochs(epochs: list[float], percentile: int) -> str:
    value = np.percentile(epochs, percentile, method="higher")
    return f"{value:.0f}" if np.isfinite(value) else "never"


_main()
