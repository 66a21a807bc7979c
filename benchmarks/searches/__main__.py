"""`make bench-search`: every tuner and pruner replayed on the surrogate, with 20 seeds."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.searches.contest import contest, surrogate
from benchmarks.searches.figure import draw
from benchmarks.searches.records import spec
from benchmarks.searches.replay import Search
from benchmarks.searches.surrogate import Surrogate

_NEAR = 0.99  # of the surrogate's best
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
    searches = {}
    for name, runs in contest(given.names, given.seeds):
        searches[name] = runs
        print(f"  {name}: {np.mean([run.best[-1] for run in runs]):.4f}", flush=True)
    best = max(_sampled_best(model), *(s.best[-1] for runs in searches.values() for s in runs))
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


if __name__ == "__main__":
    _main()
