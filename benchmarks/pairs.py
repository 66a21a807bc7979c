"""Measures several ways of doing one thing in turns, so that a slow minute slows all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Row", "in_turns", "row"]


@dataclass(frozen=True)
class Row:
    """One line of the table: medians by what was measured, and how many times the last fits in.

    `ratios` maps each other name to the median and the extremes, over the turns, of its value
    divided by the value of `of`.
    """

    name: str
    unit: str
    medians: Mapping[str, float]
    of: str = ""
    ratios: Mapping[str, Sequence[float]] = field(default_factory=dict)
    note: str = ""


def in_turns(
    ways: Mapping[str, Callable[[], object]], turns: int, warm_up: int = 1
) -> dict[str, list[float]]:
    """Seconds that each way took in each turn; the first `warm_up` turns are not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(warm_up + turns):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            if turn >= warm_up:
                seconds[name].append(time.perf_counter() - started)
    return seconds


def row(
    name: str, values: Mapping[str, Sequence[float]], *, of: str, unit: str = "s", note: str = ""
) -> Row:
    """The row of values measured in turns, as ratios to those of `of`."""
    ratios = {
        other: _spread([theirs / ours for theirs, ours in zip(measured, values[of], strict=True)])
        for other, measured in values.items()
        if other != of
    }
    medians = {label: statistics.median(measured) for label, measured in values.items()}
    return Row(name, unit, medians, of, ratios, note)


def _spread(ratios: Sequence[float]) -> list[float]:
    return [statistics.median(ratios), min(ratios), max(ratios)]
