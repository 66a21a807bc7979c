from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reports.pareto import front


def test_a_point_that_is_nowhere_better_is_not_on_the_front() -> None:
    assert front([(1, 5), (2, 4), (3, 4), (5, 1), (5, 2)]) == [0, 1, 3]


def test_equal_points_are_on_the_front_together() -> None:
    assert front([(1, 1), (1, 1), (2, 2)]) == [0, 1]


def test_of_no_points_none_is_on_the_front() -> None:
    assert front([]) == []


@given(st.lists(st.tuples(*[st.integers(0, 6)] * 3), max_size=30))
def test_the_front_is_what_no_other_point_dominates(points: list[tuple[int, int, int]]) -> None:
    expected = [
        place
        for place, point in enumerate(points)
        if not any(
            other != point and all(a <= b for a, b in zip(other, point, strict=True))
            for other in points
        )
    ]
    assert front(points) == expected
