"""Which parameters mattered: a random forest's loss of accuracy where one of them is shuffled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypedDict

from reports.columns import Column, five_digits
from reports.statistics import quantile

__all__ = ["ENOUGH", "Importance", "Influence", "importance"]

ENOUGH = 15
_MOST = 300
_REFITS = 20
_TREES = 10
_SHUFFLES = 4


class Influence(TypedDict):
    """A parameter's column and the share of the variance that shuffling it costs.

    `mean` is over the refits, and nine in ten of them lie between `low` and `high`.
    """

    column: str
    mean: float
    low: float
    high: float


class Importance(TypedDict):
    """The influences, strongest first, and what share of the variance the forest explains.

    Both are measured on trials that the forest was not grown on; `n` of the `completed` were used.
    """

    n: int
    completed: int
    explained: float
    influences: list[Influence]


def importance(table: Mapping[str, Column], completed: Sequence[int]) -> Importance | None:
    """Permutation importance (Breiman 2001, "Random forests") over the `completed` rows.

    Every refit grows a forest on a bootstrap sample and shuffles one parameter at a time among the
    trials left out of it. An absent parameter is a value of its own. None where fewer than `ENOUGH`
    trials completed, no parameter varied or all values are equal. `templates/forest.js` does the
    same in the page.
    """
    rows = _thinned(completed)
    values = tuple(table["value"]["values"][row] for row in rows)
    coded = {name: _coded(c, rows) for name, c in table.items() if c["group"] == "parameter"}
    varied = {name: codes for name, codes in coded.items() if len({*codes}) > 1}
    if len(rows) < ENOUGH or not varied or len({*values}) < 2:
        return None
    explained, *losses = _refits(tuple(varied.values()), values)
    found = [_influence(name, loss) for name, loss in zip(varied, losses, strict=True)]
    return {
        "n": len(rows),
        "completed": len(completed),
        "explained": five_digits(sum(explained) / _REFITS),
        "influences": sorted(found, key=lambda each: -each["mean"]),
    }


def _thinned(rows: Sequence[int]) -> list[int]:
    """At most `_MOST` of the rows, evenly spaced: more would cost time and move little."""
    n = min(len(rows), _MOST)
    return [rows[place * len(rows) // n] for place in range(n)]


def _coded(column: Column, rows: Sequence[int]) -> tuple[float, ...]:
    """Numbers as they are, texts by their order, what is absent below all: a tree splits it off."""
    values = [column["values"][row] for row in rows]
    known = sorted({value for value in values if value is not None})
    codes: dict[Any, float] = {
        value: value if column["kind"] == "number" else place for place, value in enumerate(known)
    }
    codes[None] = min(codes.values(), default=0.0) - 1
    return tuple(float(codes[value]) for value in values)


@lru_cache(maxsize=16)  # a notebook draws many figures of one study
def _refits(
    parameters: tuple[tuple[float, ...], ...], values: tuple[float, ...]
) -> list[list[float]]:
    """Over all refits, the share of the variance explained, then each parameter's loss of it."""
    import numpy as np

    features, target = np.array(parameters).T, np.array(values)
    target = np.ldexp(target, -np.frexp(np.abs(target).max())[1])  # squares of a loss may overflow
    refits = [_refit(features, target, seed) for seed in range(_REFITS)]
    shares: list[list[float]] = np.stack(refits, axis=1).tolist()
    return shares


def _refit(features: Any, target: Any, seed: int) -> Any:
    import numpy as np
    from sklearn.ensemble import RandomForestRegressor

    random = np.random.default_rng(seed)
    drawn = random.integers(len(target), size=len(target))
    left = np.setdiff1d(np.arange(len(target)), drawn)
    forest = RandomForestRegressor(_TREES, random_state=seed).fit(features[drawn], target[drawn])
    asked = [features[left]]
    for parameter in range(features.shape[1]):
        asked += [_shuffled(features[left], parameter, random) for _ in range(_SHUFFLES)]
    predicted = forest.predict(np.concatenate(asked)).reshape(len(asked), len(left))
    errors = ((predicted - target[left]) ** 2).mean(axis=1) / target.var()
    losses = errors[1:].reshape(-1, _SHUFFLES).mean(axis=1) - errors[0]
    return np.concatenate([[1 - errors[0]], losses])


def _shuffled(features: Any, parameter: int, random: Any) -> Any:
    changed = features.copy()
    changed[:, parameter] = random.permutation(changed[:, parameter])
    return changed


def _influence(name: str, losses: Sequence[float]) -> Influence:
    ordered = sorted(losses)
    return {
        "column": name,
        "mean": five_digits(sum(ordered) / len(ordered)),
        "low": five_digits(quantile(ordered, 0.05)),
        "high": five_digits(quantile(ordered, 0.95)),
    }
