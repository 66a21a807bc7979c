"""Which of several points no other is at least as good as in everything."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["front"]


def front(points: Sequence[Sequence[float]]) -> list[int]:
    """The places of the points that no other dominates, where less is better, in rising order.

    A point dominates another that it is nowhere worse than and somewhere better.
    """
    found: list[int] = []
    for place in sorted(range(len(points)), key=lambda place: tuple(points[place])):
        if not any(_dominates(points[other], points[place]) for other in found):
            found.append(place)  # what comes later in this order dominates nothing before it
    return sorted(found)


def _dominates(one: Sequence[float], other: Sequence[float]) -> bool:
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))
