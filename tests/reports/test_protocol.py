from __future__ import annotations

from typing import Any

import pytest

from reports import render
from reports.protocol import protocol
from search.records import StudyRecord


def _study(by: str, exclude_seen: bool = False, **given: Any) -> StudyRecord:
    split = {"by": by, "train": 0.8, "validation": 0.1, "test": 0.1, "seed": 42}
    spec = {"data": {"split": split, "exclude_seen": exclude_seen}}
    return StudyRecord("s", ("mrr",), ("max",), 9, spec=spec, **given)


def test_a_protocol_says_what_is_trained_on_and_what_is_measured() -> None:
    said = protocol(_study("random"))
    assert said[0] == (
        "Split: random (80% train, 10% validation, 10% test). Trained on the training part, "
        "measured on the validation part."
    )
    assert "stays in the ranking" in said[2]
    assert "taken out of the ranking" in protocol(_study("random", exclude_seen=True))[2]


def test_a_confirmation_is_measured_on_the_test_part() -> None:
    said = protocol(_study("temporal", confirmation={"of": "x"}))
    assert "Trained on the training and validation parts, measured on the test part." in said[0]


def test_newcomers_are_counted() -> None:
    cold = {"cold": {"validation": {"user": 0.85, "candidate": 0.0}}}
    said = protocol(_study("temporal", data=cold))
    assert "85.0% of the validation interactions are of a user that training never saw." in said
    assert not any("of a candidate" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("by", "limit"),
    [
        ("random", "how well a model predicts"),
        ("temporal", "users who came later"),
        ("leave_last_out", "counts every user alike"),
        ("tutorial", "no test part"),
    ],
)
def test_every_split_says_what_it_cannot_tell(by: str, limit: str) -> None:
    assert limit in protocol(_study(by))[-1]


def test_the_page_says_how_it_was_measured_and_where_that_is_not_known() -> None:
    assert "Split: random" in render(_study("random"))
    assert "The record does not say." in render(StudyRecord("s", ("mrr",), ("max",), 9))
