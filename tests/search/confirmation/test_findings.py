"""From the sums by user that trials leave to comparisons and plain sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from reports import render
from search.confirmation.findings import confirmation, readings
from search.confirmation.verdicts import of_readings, sentences
from search.records import StudyRecord, TrialRecord
from spaces import InputError

USERS = 400


def _finalist(label: str, depth: str, *roles: str, promised: float | None = 0.5) -> dict[str, Any]:
    return {
        "label": label,
        "depth": depth,
        "config": {"depth": int(depth)},
        "roles": roles,
        "trial": 0,
        "promised": promised,
    }


def _sums(rate: float, seed: int) -> list[float]:
    """Of 10 queries a user, how many hit: the same users are easy for every model."""
    easy = np.random.default_rng(0).uniform(-0.2, 0.2, USERS)
    hits = np.random.default_rng([1, seed]).binomial(10, np.clip(rate + easy, 0, 1))
    return [float(hit) for hit in hits]


def _record(
    finalists: Sequence[dict[str, Any]], rates: Sequence[float], popular: float, seeds: int = 3
) -> StudyRecord:
    runs = [
        TrialRecord(n, "complete", value=0.1, by_user=_sums(rates[n % len(rates)], n))
        for n in range(seeds * len(rates))
    ]
    return StudyRecord(
        "s.confirm",
        ("top_10_accuracy",),
        ("max",),
        len(runs),
        trials=runs,
        confirmation={
            "of": "s",
            "finalists": finalists,
            "counts": [10] * USERS,
            "baselines": {"popularity": _sums(popular, 1000)},
        },
    )


THREE = [
    _finalist("trial 4", "2", "best", "top", "depth"),
    _finalist("trial 1", "1", "top", "depth"),
    _finalist("tutorial [32]", "1", "tutorial", promised=None),
]


def test_a_difference_that_the_data_tell_is_said_with_its_interval() -> None:
    found = confirmation(_record(THREE, [0.5, 0.4, 0.3], popular=0.2))
    depth, popular, tutorial, *_ = sentences(found)
    assert depth.startswith("Two layers beat one by 0.1")
    assert "(95% interval 0.0" in depth
    assert popular.startswith("Trial 4 beats popularity by 0.")
    assert tutorial.startswith("Trial 4 beats tutorial [32] by 0.")
    assert "Nothing beats popularity." not in list(sentences(found))


def test_a_difference_that_the_data_do_not_tell_is_said_to_be_none() -> None:
    found = confirmation(_record(THREE, [0.4, 0.4, 0.4], popular=0.45))
    said = list(sentences(found))
    assert said[0].startswith("The data do not tell ")
    assert said[-1] == "Nothing beats popularity."
    assert any(s == "The data do not tell trial 4 from trial 1." for s in said)


def test_three_depths_that_are_alike_are_one_sentence() -> None:
    alike = [
        _finalist("trial 4", "2", "best", "depth"),
        _finalist("trial 1", "1", "depth"),
        _finalist("trial 9", "3", "depth"),
    ]
    first, second, *_ = sentences(confirmation(_record(alike, [0.4] * 3, popular=0.2)))
    assert first.startswith("The data do not tell the depths apart (largest difference 0.0")
    assert second.startswith("Trial 4 beats")


def test_what_the_search_promised_too_much_is_said() -> None:
    found = confirmation(_record(THREE, [0.4, 0.4, 0.3], popular=0.2))
    over = 0.5 - found.finalists[0].estimate.mean
    assert found.as_list()[0]["over_promised"] == pytest.approx(over)
    assert found.as_list()[2]["over_promised"] is None
    assert any(sentence.endswith(f"{over:.4f} too much.") for sentence in sentences(found))


def test_a_finalist_s_mean_is_over_its_own_trials() -> None:
    record = _record(THREE, [0.5, 0.4, 0.3], popular=0.2)
    own = [sum(trial.by_user) / (10 * USERS) for trial in record.trials[1::3]]
    found = confirmation(record).finalists[1]
    assert found.estimate.mean == pytest.approx(np.mean(own))
    assert found.seeds == 3


def test_half_a_confirmation_is_told_of_what_is_there() -> None:
    record = _record(THREE, [0.5, 0.4, 0.3], popular=0.2)
    partial = StudyRecord(
        "s.confirm",
        record.objectives,
        record.directions,
        9,
        trials=record.trials[:2],
        confirmation=record.confirmation,
    )
    assert [f.label for f in confirmation(partial).finalists] == ["trial 4", "trial 1"]


def test_what_the_intervals_leave_out_is_said() -> None:
    once = _record(THREE, [0.5, 0.4, 0.3], popular=0.2, seeds=1)
    assert (
        "Each model was trained on one seed: the intervals tell what other users would change, "
        "not what another seed would."
    ) in list(sentences(confirmation(once)))
    thrice = _record(THREE, [0.5, 0.4, 0.3], popular=0.2)
    trials = [*thrice.trials[:-1], replace(thrice.trials[-1], state="failed", by_user=[])]
    said = list(sentences(confirmation(replace(thrice, trials=trials))))
    assert said[-1] == "1 training failed, and the means are of the others."
    assert not any("one seed" in sentence for sentence in said)


def test_nothing_measured_is_an_error() -> None:
    record = StudyRecord("s.confirm", ("mrr",), ("max",), 9, confirmation={"of": "s"})
    with pytest.raises(InputError, match=r"study: 's.confirm' has measured nothing on the test"):
        confirmation(record)


def test_every_reading_of_the_test_part_counts() -> None:
    record = _record(THREE, [0.5, 0.4, 0.3], popular=0.2)
    assert of_readings(readings([record, record])) == (
        "The test part has been read 20 times, by 18 trainings and 2 baselines."
    )


def test_the_report_of_a_confirmation_has_its_findings_and_its_table() -> None:
    page = render(_record(THREE, [0.5, 0.4, 0.3], popular=0.2))
    assert "Two layers beat one by" in page
    assert "<td>tutorial [32]</td>" in page
    assert "<td>trial 4, two layers</td>" in page
    assert "read in this confirmation 10 times, by 9 trainings and 1 baseline." in page
