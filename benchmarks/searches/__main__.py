"""`make bench-search`: every tuner and pruner replayed on the surrogate, with 20 seeds."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import filterfalse
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.searches.contest import contest, surrogate
from benchmarks.searches.figure import draw
from benchmarks.searches.records import spec
from benchmarks.searches.replay import Search
from benchmarks.searches.surrogate import Surrogate
from search.tuners import TUNERS, is_installed

_NEAR = (0.99, 0.95)  # of the surrogate's best
_SAMPLES = 5_000


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help='such as "optuna.tpe, median"; else all')
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--figure", type=Path, default=Path("docs/images/searches.png"))
    given = parser.parse_args()
    model = surrogate()
    print(f"{model.trials} recorded trials of {model.epochs} epochs")
    print(f"rank correlation on held-out trials: {model.rank_correlation():.2f}", flush=True)
    for absent in filterfalse(is_installed, TUNERS):
        print(f"{absent} is left out: its extra is not installed")
    searches = {}
    for name, runs in contest(given.names, given.seeds):
        searches[name] = runs
        print(f"  {name}: {np.mean([run.best[-1] for run in runs]):.4f}", flush=True)
    reached = [run.best[-1] for runs in searches.values() for run in runs]
    best = max(model.best_recorded, _sampled_best(model), *reached)
    print(f"the surrogate's best: {best:.4f}")
    print("\n".join(_table(searches, best)))
    draw(
        {name: [best - np.array(s.best) for s in runs] for name, runs in searches.items()},
        given.figure,
    )


def _sampled_best(model: Surrogate) -> float:
    space = spec().space
    configs = [space.sample(seed) for seed in range(_SAMPLES)]
    return float(model.curves(configs).max())


def _table(searches: dict[str, list[Search]], best: float) -> Iterator[str]:
    """A row a search, those first that come near the best after the fewest epochs."""
    yield "| tuner | epochs to within 1% of the best | within 5% | last regret, standard error |"
    yield "|---|---|---|---|"
    rows = {name: _row(runs, best) for name, runs in searches.items()}
    for name in sorted(rows, key=lambda name: rows[name][0]):
        yield f"| `{name}` | {' | '.join(rows[name][1:])} |"


def _row(runs: list[Search], best: float) -> tuple[Any, ...]:
    """What a row is sorted by, and its cells."""
    near = [[run.epochs_to(share * best) or np.inf for run in runs] for share in _NEAR]
    regrets = [best - run.best[-1] for run in runs]
    regret, error = np.mean(regrets), np.std(regrets, ddof=1) / np.sqrt(len(regrets))
    cells = (*map(_epochs, near), f"{regret:.4f} ± {error:.4f}")
    return [*map(np.median, near), regret], *cells


def _epochs(epochs: list[float]) -> str:
    """The median with the quartiles, as far as they are numbers, and how many seeds got there."""
    found = [np.percentile(epochs, q, method="higher") for q in (50, 25, 75)]
    middle, low, high = (f"{e:.0f}" if np.isfinite(e) else "never" for e in found)
    return f"{middle} ({low} to {high}), {sum(np.isfinite(epochs))} of {len(epochs)} seeds"


if __name__ == "__main__":
    _main()
