from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from search.records import StudyRecord, TrialRecord
from search.summaries import conclusion, count, describe, number, summary

BEST = TrialRecord(1, "complete", {"depth": 2}, {"depth": 2, "width": 8}, value=0.4)


def _study(*trials: TrialRecord, budget: int = 2) -> StudyRecord:
    lines = {"popularity": {"mrr": 0.3}}
    return StudyRecord("s", ["mrr"], ["max"], budget=budget, baselines=lines, trials=trials)


@pytest.mark.parametrize(
    ("states", "state"),
    [
        (["complete", "pruned"], "complete"),
        (["complete"], "interrupted"),
        (["complete", "running"], "running"),
        (["complete", "waiting"], "interrupted"),
        ([], "interrupted"),
    ],
)
def test_a_study_is_complete_running_or_interrupted(states: list[str], state: str) -> None:
    trials = [TrialRecord(n, state) for n, state in enumerate(states)]
    assert summary(_study(*trials))["state"] == state


def test_the_closing_words_name_the_best_beside_the_baseline_and_how_to_extend() -> None:
    lines = list(conclusion(_study(TrialRecord(0, "failed"), BEST), " --storage x", Path("r.html")))
    assert lines == [
        "Best: trial 1, mrr 0.4000; popularity: 0.3000",
        "  depth=2 width=8",
        "Report: r.html",
        "Extend: towersearch resume s --trials 4 --storage x",
    ]


def test_a_search_that_stays_below_the_most_popular_list_says_so() -> None:
    low = replace(BEST, value=0.3)
    assert "No trial beats popularity." in conclusion(_study(low), "", None)
    assert "No trial beats popularity." not in conclusion(_study(BEST), "", None)


def test_an_unfinished_study_says_how_to_go_on() -> None:
    assert list(conclusion(_study(BEST, budget=5), "", None))[-1] == "Go on:  towersearch resume s"


def test_a_study_of_failures_shows_the_last_reason() -> None:
    trials = [TrialRecord(0, "failed", error="first"), TrialRecord(1, "failed", error="second")]
    lines = list(conclusion(_study(*trials), "", None))
    assert lines[0] == "No trial has completed; 2 of 2 have ended."
    assert lines[1] == "The last failure: second"


def test_numbers_are_short() -> None:
    assert describe({"depth": 2, "rate": 0.00123456, "normalize": True}) == (
        "depth=2 rate=0.00123 normalize=True"
    )
    assert (number(None), number(0.123456)) == ("", "0.1235")


def test_a_grid_is_extended_to_its_last_point_at_most() -> None:
    grid = _study(BEST, budget=1)
    assert list(conclusion(grid, "", None, 6))[-1] == "Extend: towersearch resume s --trials 2"
    more = replace(grid, trials=[BEST] * 4, budget=4)
    assert list(conclusion(more, "", None, 6))[-1] == "Extend: towersearch resume s --trials 6"
    done = list(conclusion(replace(grid, exhausted=True), "", None, 1))
    assert done[-1] == "Ended: the tuner has nothing left to propose."


def test_a_name_with_a_space_is_quoted_for_the_shell() -> None:
    record = replace(_study(BEST, budget=5), name="a b")
    assert list(conclusion(record, "", None))[-1] == "Go on:  towersearch resume 'a b'"


def test_a_noun_is_plural_unless_there_is_one() -> None:
    assert [count(n, "trial") for n in (0, 1, 2000)] == ["0 trials", "1 trial", "2,000 trials"]
