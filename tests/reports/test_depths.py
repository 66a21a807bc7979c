from __future__ import annotations

from reports import summarize
from reports.depths import Deeper
from search.records import StudyRecord
from tests.reports.studies import of_values


def _deeper(record: StudyRecord) -> Deeper:
    found = summarize(record)["deeper"]
    assert found is not None
    return found


def test_a_depths_row_has_its_best_median_and_quartiles() -> None:
    rows = summarize(of_values([0.1, 0.2, 0.3, 0.4, 0.9], [1, 1, 1, 1, 2]))["depths"]
    assert rows[0] == {
        "depth": 1,
        "n": 4,
        "pruned": 0,
        "failed": 0,
        "best": 0.4,
        "trial": 3,
        "median": 0.25,
        "quartiles": (0.15, 0.35),
    }
    assert rows[1]["quartiles"] == (0.9, 0.9)


def test_deeper_is_better_where_values_rise_with_depth() -> None:
    found = _deeper(of_values([n / 100 for n in range(20)], [1 + n // 5 for n in range(20)]))
    assert found["n"] == 20
    assert found["low"] > 0.5
    assert found["high"] <= 1


def test_deeper_is_worse_where_a_loss_rises_with_depth() -> None:
    values: list[float | None] = [n / 100 for n in range(20)]
    found = _deeper(of_values(values, [1 + n // 5 for n in range(20)], directions=("min",)))
    assert found["high"] < -0.5


def test_fewer_than_ten_trials_say_nothing_of_depth() -> None:
    assert summarize(of_values([n / 100 for n in range(9)], [1, 2, 3] * 3))["deeper"] is None


def test_one_depth_says_nothing_of_depth() -> None:
    assert summarize(of_values([n / 100 for n in range(20)], [2] * 20))["deeper"] is None
