"""Depths are compared at equal effort: the expected best of n tries, and how sure that is."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from statistics import mean

import numpy as np
import pytest

from reports import summarize
from reports.tries import ENOUGH, expected_best
from tests.reports.studies import awkward, of_values

VALUES = [0.3, 0.1, 0.6, 0.2, 0.5, 0.4, 0.4]


def test_the_expected_best_is_the_mean_over_all_choices_of_so_many() -> None:
    best, low, high = expected_best(np.array(VALUES))
    assert best == pytest.approx(
        [mean(max(some) for some in combinations(VALUES, k)) for k in (1, 2, 3)]
    )
    assert np.all((low < best) & (best < high))


def test_one_best_of_a_thousand_trials_is_found_by_as_many_tries_as_are_made() -> None:
    values = np.append(np.zeros(999), 1.0)
    assert expected_best(values)[0] == pytest.approx(np.arange(1, 101) / 1000)


def test_the_upper_end_is_no_nearer_than_the_lower() -> None:
    best, low, high = expected_best(np.array([0.1, 0.2, 0.2, 0.2, 0.2, 0.2]))
    assert np.all(high - best >= best - low)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    truth = 1.35218  # of the largest of seven standard normal draws
    held = 0
    for _ in range(100):
        _, low, high = expected_best(rng.normal(size=15))
        held += low[6] <= truth <= high[6]
    assert held >= 82


def test_depths_have_curves_as_far_as_half_of_their_trials() -> None:
    record = of_values([*VALUES, *VALUES, 0.9, 0.9], [1] * 7 + [2] * 7 + [3] * 2)
    told = summarize(record)["tries"]
    assert [(each["depth"], each["n"], len(each["best"])) for each in told] == [
        (1, 7, 3),
        (2, 7, 3),
    ]
    assert told[0]["best"] == told[1]["best"]
    few = of_values(VALUES[: ENOUGH - 1], [1] * (ENOUGH - 1))
    assert summarize(few)["tries"] == []


def test_a_pruned_trial_counts_as_it_was_and_a_failed_one_as_the_worst() -> None:
    record = of_values(VALUES, [1] * 7)
    changed = list(record.trials)
    changed[2] = replace(changed[2], state="failed", value=None)
    changed[3] = replace(changed[3], state="pruned")
    [told] = summarize(replace(record, trials=changed))["tries"]
    assert told["best"][0] == pytest.approx(mean([0.3, 0.1, 0.1, 0.2, 0.5, 0.4, 0.4]), rel=1e-4)


def test_of_a_loss_the_least_is_the_best() -> None:
    [told] = summarize(of_values(VALUES, [1] * 7, directions=("min",)))["tries"]
    wanted = [mean(min(some) for some in combinations(VALUES, k)) for k in (1, 2, 3)]
    assert told["best"] == pytest.approx(wanted, rel=1e-4)
    assert all(
        low < best < high
        for low, best, high in zip(told["low"], told["best"], told["high"], strict=True)
    )
    assert summarize(awkward("minimised"))["tries"]
