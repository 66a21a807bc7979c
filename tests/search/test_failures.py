from __future__ import annotations

import pytest

from search.commands.progress import Silence
from search.failures import Streak
from search.records import TrialRecord


def _told(limit: int, states: str) -> Streak:
    streak = Streak(Silence(), limit)
    for number, state in enumerate(states):
        known = {"f": "failed", "c": "complete", "p": "pruned"}[state]
        streak.trial(
            TrialRecord(number, known, error=f"reason {number}." if state == "f" else None)
        )
    return streak


@pytest.mark.parametrize(
    ("limit", "states", "too_long"),
    [
        (3, "cfff", True),
        (3, "ffcff", False),
        (3, "ffpf", False),
        (3, "fffc", False),
        (1, "f", True),
        (1, "", False),
        (0, "ffffffffff", False),
    ],
)
def test_so_many_failures_in_a_row_are_too_many(limit: int, states: str, too_long: bool) -> None:
    assert _told(limit, states).too_long == too_long


def test_the_last_reason_is_shown() -> None:
    assert _told(2, "cff").sentence == (
        "Stopped: 2 trials failed in a row; the last failure: reason 2."
    )
