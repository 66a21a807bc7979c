"""Conditions: what the value of a parent has to be for a parameter to act."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeGuard

from spaces.wording import listed, require

__all__ = ["Rule", "Value", "as_rule", "at_least", "at_most", "is_number", "one_of"]

Value: TypeAlias = str | int | float | bool


@dataclass(frozen=True)
class Rule:
    """A test of one value: among `options` where these are given, else a number in the bounds."""

    options: tuple[Value, ...] | None = None
    low: float = -math.inf
    high: float = math.inf

    def holds(self, value: object) -> bool:
        """Whether `value` passes; true and false are not the numbers 1 and 0."""
        if self.options is None:
            return is_number(value) and self.low <= value <= self.high
        return any(
            option == value and isinstance(option, bool) == isinstance(value, bool)
            for option in self.options
        )

    def __and__(self, other: Rule) -> Rule:
        """The rule that holds where both do."""
        if self.options is not None:
            return one_of(filter(other.holds, self.options))
        if other.options is not None:
            return other & self
        return Rule(low=max(self.low, other.low), high=min(self.high, other.high))

    def __str__(self) -> str:
        """The rule in words, as they follow "where depth is"."""
        if self.options is not None:
            return f"one of {listed(self.options)}" if self.options[1:] else listed(self.options)
        if self.low == -math.inf:
            return f"at most {self.high}"
        if self.high == math.inf:
            return f"at least {self.low}"
        return f"from {self.low} to {self.high}"


def at_least(bound: float) -> Rule:
    """The parent's value is `bound` or more: `width.when(depth=at_least(2))`."""
    _require_bound("at_least", bound)
    return Rule(low=bound)


def at_most(bound: float) -> Rule:
    """The parent's value is `bound` or less: `dropout.when(depth=at_most(3))`."""
    _require_bound("at_most", bound)
    return Rule(high=bound)


def one_of(options: Iterable[Value]) -> Rule:
    """The parent's value is one of `options`."""
    return Rule(options=tuple(dict.fromkeys(options)))


def as_rule(given: object) -> Rule:
    """The rule that a value, a list of values, or a rule stands for."""
    if isinstance(given, Rule):
        return given
    options: Sequence[Any] = given if isinstance(given, list | tuple) else [given]
    require(
        bool(options) and all(isinstance(option, str | int | float) for option in options),
        f"a condition needs a value, a list of values, at_least or at_most, got {given!r}.",
    )
    return one_of(options)


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether `value` is a finite number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _require_bound(name: str, bound: object) -> None:
    require(is_number(bound), f"{name} needs a finite number, got {bound!r}.")
