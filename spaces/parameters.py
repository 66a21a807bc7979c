"""Parameters: the values that one hyperparameter may take, and the conditions it acts under."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Self, TypeGuard

import numpy as np

from spaces.conditions import Rule, Value, as_rule, is_number
from spaces.errors import InputError
from spaces.wording import listed, require

__all__ = ["Choice", "Integer", "Parameter", "Real", "Subset"]

_STEP_TOLERANCE = 1e-8  # in steps: sums of a step carry rounding errors


@dataclass(frozen=True)
class Parameter(ABC):
    """A set of values, and the rules on other parameters under which it acts (one a parent)."""

    conditions: tuple[tuple[str, Rule], ...] = field(default=(), kw_only=True)

    def when(self, /, **rules: object) -> Self:
        """This parameter, acting only where every rule holds, beside those it already has.

        A rule is a value of the parent, a list of values, `at_least(2)` or `at_most(3)`.
        """
        merged = dict(self.conditions)
        for parent, given in rules.items():
            rule = as_rule(given)
            merged[parent] = merged[parent] & rule if parent in merged else rule
        return replace(self, conditions=tuple(sorted(merged.items(), key=lambda item: item[0])))

    def why_not(self, value: object) -> str | None:
        """The rule that `value` breaks, as it follows the parameter's name; None if inside."""
        return None if self._holds(value) else f"must be {self}, got {value!r}"

    @abstractmethod
    def sample(self, rng: np.random.Generator) -> Value:
        """A value drawn evenly on the parameter's scale."""

    @abstractmethod
    def grid(self, resolution: int | None = None) -> Sequence[Value]:
        """All values in order; of a continuous range, `resolution` values from end to end."""

    @abstractmethod
    def __str__(self) -> str:
        """The values in words, as they follow "must be"."""

    @abstractmethod
    def _holds(self, value: object) -> bool: ...


@dataclass(frozen=True)
class Integer(Parameter):
    """Whole numbers from `low` to `high`, both included, `step` apart."""

    low: int
    high: int
    step: int = 1
    log: bool = False

    def __post_init__(self) -> None:
        for label in ("low", "high", "step"):
            value = getattr(self, label)
            require(_is_whole(value), f"{label} must be a whole number, got {value!r}.")
        require(self.step >= 1, f"step must be at least 1, got step={self.step}.")
        _require_range(self, self.step if self.step > 1 else None)

    def sample(self, rng: np.random.Generator) -> int:
        """A value drawn evenly, on a log scale where `log` is set."""
        if not self.log:
            return self.grid()[int(rng.integers(len(self.grid())))]
        # Half a unit more at both ends gives the end values their full share.
        drawn = math.exp(rng.uniform(math.log(self.low - 0.5), math.log(self.high + 0.5)))
        return min(max(round(drawn), self.low), self.high)

    def grid(self, resolution: int | None = None) -> range:
        """All values, whatever the resolution."""
        return range(self.low, self.high + 1, self.step)

    def __str__(self) -> str:
        steps = f" in steps of {self.step}" if self.step > 1 else ""
        return f"a whole number from {self.low} to {self.high}{steps}"

    def _holds(self, value: object) -> bool:
        return _is_whole(value) and value in self.grid()


@dataclass(frozen=True)
class Real(Parameter):
    """Numbers from `low` to `high`, both included; with a `step`, only those that far apart."""

    low: float
    high: float
    log: bool = False
    step: float | None = None

    def __post_init__(self) -> None:
        for label in ("low", "high") if self.step is None else ("low", "high", "step"):
            value = getattr(self, label)
            require(is_number(value), f"{label} must be a finite number, got {value!r}.")
            object.__setattr__(self, label, float(value))
        if self.step is not None:
            require(self.step > 0, f"step must be above 0, got step={self.step}.")
        _require_range(self, self.step)

    def sample(self, rng: np.random.Generator) -> float:
        """A value drawn evenly, on a log scale where `log` is set."""
        if self.step is None:
            return self._at(rng.random())
        return self.grid()[int(rng.integers(len(self.grid())))]

    def grid(self, resolution: int | None = None) -> tuple[float, ...]:
        """All values of a stepped range, else `resolution` values evenly spaced on the scale."""
        if self.step is not None:
            low, high, step = map(_decimal, (self.low, self.high, self.step))
            return tuple(float(low + step * i) for i in range(int((high - low) / step) + 1))
        if resolution is None:
            raise InputError(f"a grid needs countable values, got {self}; give it a step.")
        require(
            _is_whole(resolution) and resolution >= 2,
            f"a grid needs a resolution of at least 2, got {resolution!r}.",
        )
        return tuple(self._at(i / (resolution - 1)) for i in range(resolution))

    def __str__(self) -> str:
        steps = "" if self.step is None else f" in steps of {self.step}"
        return f"a number from {self.low} to {self.high}{steps}"

    def _holds(self, value: object) -> bool:
        if not is_number(value) or not self.low <= value <= self.high:
            return False
        steps = 0.0 if self.step is None else (value - self.low) / self.step
        return abs(steps - round(steps)) < _STEP_TOLERANCE

    def _at(self, share: float) -> float:
        """The value at a share of the way from low (0) to high (1) on the parameter's scale."""
        if self.log:
            value = math.pow(self.low, 1 - share) * math.pow(self.high, share)
        else:
            value = self.low * (1 - share) + self.high * share
        return min(max(value, self.low), self.high)


@dataclass(frozen=True)
class Choice(Parameter):
    """One of `options`, all text, all whole numbers, all numbers, or all true and false."""

    options: Sequence[Value]

    def __post_init__(self) -> None:
        given = self.options
        require(
            isinstance(given, list | tuple) and bool(given),
            f"a choice needs a list of at least one option, got {given!r}.",
        )
        for option in given:
            require(
                isinstance(option, str | bool) or is_number(option),
                f"options must be text, finite numbers, or true and false, got {option!r}.",
            )
        kinds = sorted({type(option).__name__ for option in given})
        require(
            len(kinds) == 1,
            f"options must all be of one type, got {' and '.join(kinds)} in {list(given)!r}.",
        )
        require(len(set(given)) == len(given), f"options must differ, got {list(given)!r}.")
        object.__setattr__(self, "options", tuple(given))

    def sample(self, rng: np.random.Generator) -> Value:
        """One of the options, each as likely."""
        return self.options[int(rng.integers(len(self.options)))]

    def grid(self, resolution: int | None = None) -> Sequence[Value]:
        """All options, whatever the resolution."""
        return self.options

    def __str__(self) -> str:
        return f"one of {listed(self.options)}" if self.options[1:] else listed(self.options)

    def _holds(self, value: object) -> bool:
        kind = type(self.options[0])
        alike = isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
        return alike and value in self.options


@dataclass(frozen=True)
class Subset(Parameter):
    """Some of a set of names that only the data knows, joined by "+"; "all" is all of them."""

    def sample(self, rng: np.random.Generator) -> str:
        """All, the only subset that any data has."""
        return self.grid()[0]

    def grid(self, resolution: int | None = None) -> tuple[str]:
        """All, whatever the resolution."""
        return ("all",)

    def __str__(self) -> str:
        return "'all' or different names joined by '+'"

    def _holds(self, value: object) -> bool:
        names = value.split("+") if isinstance(value, str) else [""]
        return all(name.strip() for name in names) and len({*names}) == len(names)


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _decimal(number: float) -> Decimal:
    """The number as it is written: 0.1 is a tenth, so that ten steps of 0.1 make 1."""
    return Decimal(str(number))


def _require_range(range_: Integer | Real, step: float | None) -> None:
    low, high, log = range_.low, range_.high, range_.log
    require(isinstance(log, bool), f"log must be true or false, got {log!r}.")
    require(low < high, f"low must be below high, got low={low}, high={high}.")
    require(not log or low > 0, f"log needs a low above 0, got low={low}.")
    if step is not None:
        require(not log, f"log allows no step, got step={step}.")
        require(
            (_decimal(high) - _decimal(low)) % _decimal(step) == 0,
            f"step must divide high - low, got low={low}, high={high}, step={step}.",
        )
