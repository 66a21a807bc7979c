"""Intervals hold what they say, over users, over seeds and over comparisons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from search.confirmation.intervals import Resampling

USERS, SEEDS = 120, 5


def _runs(rng: np.random.Generator, counts: Any, users: Any, level: float) -> Any:
    """Sums by user of 5 runs around a level: users, seeds and both together move them."""
    of_seeds = rng.normal(0.0, 0.02, (SEEDS, 1))
    together = rng.normal(0.0, 0.15, (SEEDS, len(counts)))
    return (level + users + of_seeds + together) * counts


def test_a_mean_weighs_users_by_their_queries_and_seeds_alike() -> None:
    resampling = Resampling([1, 3])
    estimate = resampling.estimate(resampling.sample([[1, 0], [1, 2]]))
    assert estimate.mean == pytest.approx((1 / 4 + 3 / 4) / 2)


def test_the_interval_over_seeds_is_student_s() -> None:
    resampling = Resampling([10, 10])
    found = resampling.estimate(resampling.sample([[4, 4], [5, 5], [6, 6]])).over_seeds
    # mean 0.5, standard deviation 0.1, t of 2 degrees of freedom 4.3027
    assert found == pytest.approx((0.5 - 4.3027 * 0.1 / 3**0.5, 0.5 + 4.3027 * 0.1 / 3**0.5), 1e-4)


def test_no_interval_reaches_beyond_what_a_measure_can_be() -> None:
    counts = [1.0, 1.0, 1.0]
    resampling = Resampling(counts)
    rare = resampling.estimate(resampling.sample([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]))
    assert rare.interval[0] == 0.0
    assert rare.over_users[0] == 0.0
    assert rare.over_seeds is not None
    assert rare.over_seeds == (0.0, 1.0)


def test_one_seed_has_no_interval_over_seeds_and_no_other_noise() -> None:
    resampling = Resampling([1] * 50)
    estimate = resampling.estimate(resampling.sample([np.arange(50) % 2]))
    assert estimate.over_seeds is None
    assert estimate.interval == estimate.over_users


def test_users_are_drawn_whole() -> None:
    rng = np.random.default_rng(0)
    liked = np.repeat(rng.random(40) < 0.5, 25)  # 40 users of 25 queries, all hits or all misses
    clustered = Resampling([25] * 40)
    users = clustered.estimate(clustered.sample([liked.reshape(40, 25).sum(1)])).over_users
    alone = Resampling([1] * 1000)
    queries = alone.estimate(alone.sample([liked])).over_users
    assert (users[1] - users[0]) / (queries[1] - queries[0]) == pytest.approx(5.0, rel=0.2)


def test_the_interval_of_a_known_difference_holds_it_in_95_of_100_simulations() -> None:
    rng, held = np.random.default_rng(7), 0
    for n in range(200):
        counts = rng.integers(1, 20, USERS).astype(float)
        users = rng.normal(0.0, 0.1, USERS)
        resampling = Resampling(counts, seed=n)
        better, worse = (resampling.sample(_runs(rng, counts, users, m)) for m in (0.42, 0.40))
        low, high = resampling.differences([(better, worse)])[0].interval
        held += low <= 0.02 <= high
    assert 180 <= held <= 198


def test_the_intervals_of_many_equal_models_hold_all_at_once() -> None:
    rng, clean = np.random.default_rng(3), 0
    for n in range(100):
        counts = rng.integers(1, 20, USERS).astype(float)
        users = rng.normal(0.0, 0.1, USERS)
        resampling = Resampling(counts, seed=n)
        samples = [resampling.sample(_runs(rng, counts, users, 0.4)) for _ in range(6)]
        pairs = [(a, b) for place, a in enumerate(samples) for b in samples[:place]]
        found = resampling.differences(pairs)
        clean += not any(difference.told_apart for difference in found)
        assert all((d.p < 0.05) == d.told_apart for d in found if abs(d.p - 0.05) > 0.01)
    assert clean >= 88


def test_more_comparisons_widen_every_interval() -> None:
    rng = np.random.default_rng(1)
    resampling = Resampling([1] * 300)
    first, *others = (resampling.sample(rng.random((3, 300))) for _ in range(9))
    alone = resampling.differences([(first, others[0])])[0]
    together = resampling.differences([(first, other) for other in others])[0]
    assert together.by == alone.by
    assert together.interval[1] > alone.interval[1]
    assert together.p >= alone.p


def test_a_p_value_is_as_small_as_the_draws_can_tell_and_no_smaller() -> None:
    resampling = Resampling([1] * 50)
    rng = np.random.default_rng(4)
    far, near = (resampling.sample([rng.random(50) + level]) for level in (9, 0))
    assert resampling.differences([(far, near)])[0].p == 1 / 2001


def test_equal_models_differ_by_nothing() -> None:
    resampling = Resampling([2, 2, 2])
    sample = resampling.sample([[1, 0, 2]])
    found = resampling.differences([(sample, sample)])[0]
    assert found.by == 0.0
    assert not found.told_apart


def test_thousands_of_users_are_drawn_in_groups() -> None:
    rng = np.random.default_rng(2)
    sums = rng.random(20_000) < 0.3
    resampling = Resampling([1] * 20_000)
    low, high = resampling.estimate(resampling.sample([sums])).over_users
    assert high - low == pytest.approx(2 * 1.96 * (0.21 / 20_000) ** 0.5, rel=0.1)
