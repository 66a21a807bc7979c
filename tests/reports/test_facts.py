from __future__ import annotations

from typing import Any

from reports import summarize
from reports.facts import facts
from tests.reports.studies import awkward, study

SPEC = {"study": {"seed": 42}, "data": {"split": {"by": "random", "train": 0.8}}}


def told(record: Any) -> dict[str, Any]:
    return dict(facts(summarize(record)))


def test_the_split_and_the_seeds_are_told() -> None:
    found = told(study(5, spec=SPEC))
    assert found["split"] == ["by: random", "train: 0.8"]
    assert found["seed of the study"] == "42"
    assert found["seeds of the trials"] == "5 distinct, in the table of trials"


def test_times_are_told_to_the_second() -> None:
    found = told(study(3))
    assert found["created"] == found["first trial started"] == "2026-03-01 09:00:00 UTC"
    last = study(3).trials[-1].finished
    assert last is not None
    assert found["last trial ended"] == f"{last[:19].replace('T', ' ')} UTC"
    assert found["from the first start to the last end"].startswith("0:0")


def test_shares_of_unseen_ids_are_lines() -> None:
    cold = {"validation": {"candidate": 0.0018, "user": 0.0}}
    name = "shares of interactions whose id is unseen in training"
    assert told(study(1, data={"cold": cold}))[name] == [
        "validation, candidate: 0.0018",
        "validation, user: 0",
    ]


def test_each_objective_is_told_with_its_direction() -> None:
    assert told(study(1))["objective"] == "top‑100 accuracy, more is better"
    found = told(awkward("two objectives"))
    assert found["objective 2"] == "train seconds, less is better"


def test_what_is_unknown_is_left_out() -> None:
    assert [*told(awkward("bare"))] == ["study", "objective"]
