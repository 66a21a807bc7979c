"""Means over users and seeds: their 95% intervals, and differences corrected for their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Difference", "Estimate", "Resampling", "Sample"]

_DRAWS, _GROUPS = 2_000, 4_096
_LEVEL = 0.95

Floats = npt.NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95% intervals: over users, over seeds (None for one seed), over both."""

    mean: float
    over_users: Interval
    over_seeds: Interval | None
    interval: Interval


@dataclass(frozen=True)
class Difference:
    """How much one mean is above another.

    The 95% intervals of all differences that were asked for together hold at once; `p` is
    corrected for their number in the same way, and never below one in the number of draws.
    """

    by: float
    interval: Interval
    p: float

    @property
    def told_apart(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.interval[0] > 0 or self.interval[1] < 0


@dataclass(frozen=True, eq=False)
class Sample:
    """What was measured of one model: its means by seed, and how both move under resampling.

    `means` is (s,), `users` (draws,) how far the mean is off when users are drawn anew, `seeds`
    (draws,) the same for seeds; `seed_variance` is what seeds add to the variance of the mean.
    """

    means: Floats
    users: Floats
    seeds: Floats
    seed_variance: float

    @property
    def mean(self) -> float:
        """The mean over the seeds."""
        return float(self.means.mean())


class Resampling:
    """Users drawn anew, the same draws for all models that are compared.

    `counts` (u,) are the queries of each user. Users are what is drawn, as the queries of one user
    are alike (a clustered bootstrap); above 4,096 of them, groups of users are.
    """

    def __init__(self, counts: npt.ArrayLike, seed: int = 0) -> None:
        queries = np.asarray(counts, np.float64)
        self._group = np.arange(len(queries)) % _GROUPS
        self._counts = np.bincount(self._group, queries)
        self._rng = np.random.default_rng(seed)
        n = len(self._counts)
        self._weights = self._rng.multinomial(n, np.full(n, 1 / n), _DRAWS).astype(np.float64)

    def sample(self, sums: npt.ArrayLike) -> Sample:
        """What s runs of a model gave: `sums` (s, u) of the measure over each user's queries."""
        gains = np.array([np.bincount(self._group, row) for row in np.asarray(sums, np.float64)])
        means = gains.sum(axis=1) / self._counts.sum()
        drawn = (self._weights @ gains.T) / (self._weights @ self._counts)[:, np.newaxis]
        users = drawn.mean(axis=1) - means.mean()
        added = _added_by_seeds(means, drawn)
        noise = self._rng.standard_t(max(1, len(means) - 1), _DRAWS)
        return Sample(means, users, np.sqrt(added) * noise, added)

    def estimate(self, sample: Sample) -> Estimate:
        """The mean with its intervals."""
        both = sample.users + sample.seeds
        return Estimate(
            mean=sample.mean,
            over_users=_around(sample.mean, sample.users),
            over_seeds=_over_seeds(sample.means),
            interval=_around(sample.mean, both),
        )

    def differences(self, pairs: Sequence[tuple[Sample, Sample]]) -> list[Difference]:
        """First minus second of each pair, by the largest standardised deviation of all.

        That is the single-step method of Westfall and Young, "Resampling-based multiple testing"
        (1993): one critical value serves all pairs and knows how they depend on each other.
        """
        if not pairs:
            return []
        contrasts = [_Contrast(first, second) for first, second in pairs]
        largest = np.max([abs(c.deviations) / c.error for c in contrasts], axis=0)
        critical = float(np.quantile(largest, _LEVEL))
        return [
            Difference(
                by=c.by,
                interval=(c.by - critical * c.error, c.by + critical * c.error),
                p=_p_value(largest, abs(c.by) / c.error),
            )
            for c in contrasts
        ]


@dataclass(frozen=True, eq=False)
class _Contrast:
    first: Sample
    second: Sample

    @property
    def by(self) -> float:
        return self.first.mean - self.second.mean

    @cached_property
    def deviations(self) -> Floats:
        of_seeds = self.first.seeds - self.second.seeds
        return np.asarray(self.first.users - self.second.users + of_seeds)

    @cached_property
    def error(self) -> float:
        """The standard error; never zero, so that equal models differ by nothing."""
        of_users = float(np.var(self.first.users - self.second.users))
        of_seeds = self.first.seed_variance + self.second.seed_variance
        return max(float(np.sqrt(of_users + of_seeds)), 1e-12)


def _p_value(largest: Floats, found: float) -> float:
    """The share of draws at least as large, what was found counted among them: it is never 0."""
    return float((1 + np.sum(largest >= found)) / (1 + len(largest)))


def _added_by_seeds(means: Floats, drawn: Floats) -> float:
    """The variance that seeds alone add to the mean of (s,) means; `drawn` is (draws, s).

    The variance of the means over s also holds the luck of which users a seed suits, and so does
    the variance over drawn users: it is taken out, to be counted once.
    """
    s = len(means)
    if s < 2:
        return 0.0
    twice = (drawn.var(axis=0).mean() - drawn.mean(axis=1).var()) / (s - 1)
    return max(0.0, float(means.var(ddof=1) / s - twice))


def _over_seeds(means: Floats) -> Interval | None:
    """Student's interval of the mean of (s,) means."""
    from scipy import stats

    s = len(means)
    if s < 2:
        return None
    half = float(stats.t.ppf((1 + _LEVEL) / 2, s - 1) * means.std(ddof=1) / np.sqrt(s))
    return _possible(float(means.mean()) - half, float(means.mean()) + half)


def _around(mean: float, deviations: Any) -> Interval:
    """The interval that mirrors the deviations of drawn means about the mean."""
    low, high = np.quantile(deviations, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return _possible(mean - float(high), mean - float(low))


def _possible(low: float, high: float) -> Interval:
    """The part of an interval that a measure can have, which is between 0 and 1."""
    return max(low, 0.0), min(high, 1.0)
