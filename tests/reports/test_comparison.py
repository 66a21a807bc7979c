from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reports import compare, summarize
from reports.comparison import settings, warnings
from reports.figures import comparison
from spaces.errors import InputError
from tests.reports.studies import HOSTILE, of_values, study

SPEC = {
    "study": {"name": "a", "tuner": "optuna.tpe", "trials": 3},
    "data": {"split": {"by": "random", "train": 0.8}},
}
OTHER = {
    "study": {"name": "b", "tuner": "optuna.random", "trials": 9},
    "data": {"split": {"by": "random", "train": 0.7}},
    "space": {"depth": {"integer": [1, 4]}},
}


def test_the_same_data_and_split_need_no_warning() -> None:
    assert warnings([study(3), study(4)]) == []


def test_other_data_and_another_split_are_warned_of() -> None:
    a, b = study(3, spec=SPEC), study(3, spec=OTHER, data={"fingerprint": "other"})
    assert warnings([a, b]) == [
        "The studies ran on different data, so their values cannot be compared.",
        "The studies split their data differently, so their values cannot be compared.",
    ]


def test_settings_that_differ_are_told_apart_from_those_alike() -> None:
    assert settings([study(3, spec=SPEC), study(3, spec=OTHER)]) == {
        "differ": [
            ("study.tuner", ["optuna.tpe", "optuna.random"]),
            ("data.split.train", ["0.8", "0.7"]),
            ("space.depth.integer", ["–", "[1, 4]"]),
        ],
        "same": [("data.split.by", ["random", "random"])],
    }


def test_each_study_is_a_line_of_its_best_so_far() -> None:
    summaries = [summarize(of_values(v, [1, 1, 1])) for v in ([0.1, 0.3, 0.2], [0.4, 0.1, 0.5])]
    lines = comparison.best_so_far(summaries).traces
    assert comparison.best_so_far(summaries).table == [
        ["plain", "0", "0.1"],
        ["plain", "1", "0.3"],
        ["plain", "0", "0.4"],
        ["plain", "2", "0.5"],
    ]
    assert [line.style["y"] for line in lines] == [[0.1, 0.3, 0.3], [0.4, 0.4, 0.5]]


def test_a_final_value_has_the_binomial_interval() -> None:
    data = {"interactions": {"validation": 100}}
    chart = comparison.final_values([summarize(of_values([0.5], [1], data=data))] * 2)
    # 1.96 * sqrt(0.5 * 0.5 / 100) = 0.098
    assert chart.table[0] == ["plain", "0.5", "0.402 to 0.598", "0", "1"]
    assert chart.traces[0].style["error_x"]["array"] == pytest.approx([0.098], abs=1e-4)


def test_a_study_without_a_value_is_compared_as_well(tmp_path: Path) -> None:
    compare([study(5), study(0), study(1, seed=1)], tmp_path / "both.html")
    assert (tmp_path / "both.html").exists()


def test_one_study_and_other_objectives_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^studies: a comparison needs at least 2, got 1\.$"):
        compare([study(3)], tmp_path / "one.html")
    message = (
        r"^objective: must be the same in all studies compared, got top_100_accuracy \(max\) in "
        r"'movielens-towers', mrr \(max\) in 'other'; compare those that share one\.$"
    )
    with pytest.raises(InputError, match=message):
        compare([study(3), study(3, name="other", objectives=("mrr",))], tmp_path / "two.html")


def test_hostile_names_and_settings_are_inert(tmp_path: Path) -> None:
    hostile = study(3, name=HOSTILE, spec={HOSTILE: {HOSTILE: HOSTILE}})
    compare([hostile, replace(study(3), name="b")], tmp_path / "both.html")
    text = (tmp_path / "both.html").read_text()
    assert HOSTILE not in text
    assert len(re.findall("<script", text)) == 3
    assert "<img" not in text
