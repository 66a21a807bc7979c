"""Rows say what was measured and how the values of a turn compare."""

from __future__ import annotations

from benchmarks.pairs import in_turns, row


def test_a_row_has_medians_and_the_spread_of_the_ratios_within_turns() -> None:
    slow, fast = [4.0, 9.0, 8.0], [2.0, 3.0, 1.0]
    measured = row("epoch", {"slow": slow, "fast": fast}, of="fast")
    assert measured.medians == {"slow": 8.0, "fast": 2.0}
    assert measured.ratios == {"slow": [3.0, 2.0, 8.0]}


def test_ways_take_turns_and_the_first_turn_is_not_counted() -> None:
    calls: list[str] = []
    ways = {name: (lambda name=name: calls.append(name)) for name in ("a", "b")}
    seconds = in_turns(ways, turns=2, warm_up=1)
    assert calls == ["a", "b"] * 3
    assert [len(measured) for measured in seconds.values()] == [2, 2]
