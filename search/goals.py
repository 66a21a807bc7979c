"""What a study searches for: measures and costs, their directions, and constraints on them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search.training.measures import OBJECTIVES
from spaces import InputError
from spaces.wording import suggestion

__all__ = ["COSTS", "DIRECTIONS", "Constraint", "constraint", "excesses", "values_of"]

COSTS: Mapping[str, str] = {"parameters": "min", "train_seconds": "min", "bytes": "min"}
"""What a trial costs: its weights, its training, and its weights as they are served."""

DIRECTIONS: Mapping[str, str] = {**OBJECTIVES, **COSTS}
"""All that can be searched for or bounded, each with "max" or "min"."""


@dataclass(frozen=True)
class Constraint:
    """A bound on a measure or a cost: `rule` is "<=" or ">="."""

    name: str
    rule: str
    bound: float

    def excess(self, value: float) -> float:
        """By how much the value breaks the bound; 0 or less where it keeps it."""
        return value - self.bound if self.rule == "<=" else self.bound - value


def constraint(name: str, text: object) -> Constraint:
    """What a spec writes as `name = "<= 200_000"`; `InputError` where that is no constraint."""
    if name not in DIRECTIONS:
        raise InputError(
            f"constraints: no measure or cost is called {name!r}; {suggestion(name, DIRECTIONS)}"
        )
    rule, bound = _parts(text)
    if not rule or not math.isfinite(bound):
        raise InputError(
            f'constraints: {name} must be "<=" or ">=" and a number, like "<= 200_000", '
            f"got {text!r}."
        )
    return Constraint(name, rule, bound)


def values_of(objectives: Sequence[str], fields: Mapping[str, Any]) -> list[float] | None:
    """The objectives' values of a trial that ended with these fields; None where it has none."""
    if fields.get("value") is None:
        return None
    measured = _measured(fields)
    return [fields["value"], *(measured[name] for name in objectives[1:])]


def excesses(constraints: Iterable[Constraint], fields: Mapping[str, Any]) -> dict[str, float]:
    """By how much a trial that ended with these fields breaks each bound; nothing if it failed."""
    if fields.get("value") is None:
        return {}
    measured = _measured(fields)
    return {bound.name: bound.excess(measured[bound.name]) for bound in constraints}


def _measured(fields: Mapping[str, Any]) -> dict[str, float]:
    return {**fields.get("metrics", {}), **fields.get("cost", {})}


def _parts(text: object) -> tuple[str, float]:
    found = re.fullmatch(r"\s*(<=|>=)\s*(\S+)\s*", text) if isinstance(text, str) else None
    try:
        return (found[1], float(found[2])) if found else ("", math.nan)
    except ValueError:
        return "", math.nan
