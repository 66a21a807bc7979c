"""A search space: parameters in order, the conditions between them, and what follows from both."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

import numpy as np

from spaces.conditions import Rule, Value
from spaces.errors import InputError
from spaces.parameters import Choice, Parameter, Real
from spaces.wording import named, require, suggestion

__all__ = ["SearchSpace", "never_acting"]


class SearchSpace(Mapping[str, Parameter]):
    """Named parameters, each acting only where its conditions hold and its parents act.

    `SearchSpace(depth=Integer(1, 4), width=Choice([32, 64]).when(depth=at_least(2)))` is a space of
    nine configurations. A parent may be declared after its children. Raises `InputError` where a
    condition names a parameter that is missing or continuous, goes in a circle, or never holds.
    """

    def __init__(self, /, **parameters: Parameter) -> None:
        self._parameters = parameters
        self._order = _dependency_order(parameters)
        for sentence in never_acting(parameters).values():
            raise InputError(sentence)

    def __getitem__(self, name: str) -> Parameter:
        return self._parameters[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def __contains__(self, item: object) -> bool:
        """Whether a configuration lies in the space, or a name is one of its parameters."""
        if isinstance(item, Mapping):
            return self.why_not(item) is None
        return item in self._parameters

    def __repr__(self) -> str:
        return f"SearchSpace({', '.join(f'{name}={self[name]!r}' for name in self)})"

    @property
    def order(self) -> tuple[str, ...]:
        """The names, parents before children; the order of the space itself is as declared."""
        return self._order

    def active(self, config: Mapping[str, object]) -> tuple[str, ...]:
        """The names of the parameters that act, given the values in `config`."""
        acting = self.build(lambda name, _: config.get(name))
        return tuple(acting)

    def build(self, choose: Callable[[str, Parameter], Any]) -> dict[str, Any]:
        """A configuration made by asking `choose(name, parameter)` where it acts, parents first."""
        config: dict[str, Any] = {}
        for name in self._order:
            if self._broken(name, config) is None:
                config[name] = choose(name, self[name])
        return self._sorted(config)

    def sample(self, seed: int | Sequence[int]) -> dict[str, Value]:
        """A random configuration that depends on the seed alone.

        Every parameter draws from a stream of its own, so that the order of parameters has no say
        and changing one leaves the draws of the others as they were.
        """
        seeds = [seed] if isinstance(seed, int) else list(seed)
        return self.build(
            lambda name, parameter: parameter.sample(
                np.random.default_rng([*seeds, zlib.crc32(name.encode())])
            )
        )

    def why_not(self, config: Mapping[str, object]) -> str | None:
        """The sentence that says why `config` is outside, or None where it is inside."""
        for name in config:
            if name not in self._parameters:
                return self._unknown(name)
        return next(filter(None, (self._flaw(name, config) for name in self._order)), None)

    def count(self, *, resolution: int | None = None) -> int:
        """How many configurations `grid` yields; only parents' values are gone through."""
        sizes = {name: len(points) for name, points in self._points(resolution).items()}
        return self._count(self._order, {}, sizes)

    def grid(self, *, resolution: int | None = None) -> Iterator[dict[str, Value]]:
        """Every configuration, the last parameter varying fastest.

        A continuous `Real` takes `resolution` values from end to end; without, `InputError`.
        """
        return map(self._sorted, self._grid(self._order, {}, self._points(resolution)))

    def fix(self, /, **values: Value) -> SearchSpace:
        """The space where these parameters have one value each.

        Conditions on them are resolved: what can then never act is left out, and what acts
        wherever they do takes over their own conditions.
        """
        fixed: dict[str, Parameter] = {}
        for name, value in values.items():
            require(name in self, self._unknown(name))
            fault = self[name].why_not(value)
            require(fault is None, f"{name}: {fault}.")
            exact = float(value) if isinstance(self[name], Real) else value
            fixed[name] = Choice([exact], conditions=self[name].conditions)
        space = self.replace(**fixed)
        return SearchSpace(**{name: _released(space[name], fixed) for name in space})

    def replace(self, /, **parameters: Parameter) -> SearchSpace:
        """The space with these parameters in place of, or after, its own.

        What can then never act is left out, and refused where it is one of `parameters`.
        """
        merged = {**self._parameters, **parameters}
        idle = never_acting(merged)
        for name in parameters:
            if name in idle:
                raise InputError(idle[name])
        return SearchSpace(**{name: merged[name] for name in merged if name not in idle})

    def _unknown(self, name: str) -> str:
        return f"{name}: no such parameter in the space; {suggestion(name, self)}"

    def _sorted(self, config: Mapping[str, Any]) -> dict[str, Any]:
        return {name: config[name] for name in self if name in config}

    def _broken(self, name: str, config: Mapping[str, object]) -> str | None:
        """The first condition of `name` that `config` breaks, in words."""
        for parent, rule in self[name].conditions:
            if parent not in config:
                return f"where {parent} is {rule}, got no {parent}"
            if not rule.holds(config[parent]):
                return f"where {parent} is {rule}, got {parent}={config[parent]!r}"
        return None

    def _flaw(self, name: str, config: Mapping[str, object]) -> str | None:
        broken = self._broken(name, config)
        if broken is not None:
            return f"{name}: only acts {broken}; leave it out." if name in config else None
        if name not in config:
            return f"{name}: missing; it must be {self[name]}."
        fault = self[name].why_not(config[name])
        return fault and f"{name}: {fault}."

    def _points(self, resolution: int | None) -> dict[str, Sequence[Value]]:
        points = {}
        for name in self:
            with named(name):
                points[name] = self[name].grid(resolution)
        return points

    def _grid(
        self, names: Sequence[str], config: dict[str, Value], points: Mapping[str, Sequence[Value]]
    ) -> Iterator[dict[str, Value]]:
        if not names:
            yield config
        elif self._broken(names[0], config) is not None:
            yield from self._grid(names[1:], config, points)
        else:
            for value in points[names[0]]:
                yield from self._grid(names[1:], {**config, names[0]: value}, points)

    def _count(
        self, names: Sequence[str], config: dict[str, Value], sizes: Mapping[str, int]
    ) -> int:
        if not names:
            return 1
        name, *rest = names
        if self._broken(name, config) is not None:
            return self._count(rest, config, sizes)
        rules = [
            rule for child in rest for parent, rule in self[child].conditions if parent == name
        ]
        if not rules:
            return sizes[name] * self._count(rest, config, sizes)
        # Values that the children's rules do not tell apart are counted once, times their number.
        alike: dict[tuple[bool, ...], list[Value]] = {}
        for value in self[name].grid():
            alike.setdefault(tuple(rule.holds(value) for rule in rules), []).append(value)
        return sum(
            len(values) * self._count(rest, {**config, name: values[0]}, sizes)
            for values in alike.values()
        )


def never_acting(parameters: Mapping[str, Parameter]) -> dict[str, str]:
    """The parameters that can never act, each with the sentence that says so."""
    idle: dict[str, str] = {}
    demands: dict[str, dict[str, Rule]] = {}
    for name in _dependency_order(parameters):
        demands[name] = _demands(parameters[name], demands)
        for parent, rule in demands[name].items():
            if not any(rule.holds(value) for value in parameters[parent].grid()):
                idle[name] = (
                    f"{name}: can never act, as it needs {parent} to be {rule}, "
                    f"but {parent} is {parameters[parent]}."
                )
    return idle


def _dependency_order(parameters: Mapping[str, Parameter]) -> tuple[str, ...]:
    """The names, parents before children."""
    for name, parameter in parameters.items():
        require(
            isinstance(parameter, Parameter),
            f"{name}: must be an Integer, a Real or a Choice, got {parameter!r}.",
        )
        for parent, _ in parameter.conditions:
            require(
                parent in parameters,
                f"{name}: its condition needs {parent!r} in the space; "
                f"{suggestion(parent, parameters)}",
            )
            require(
                not isinstance(parameters[parent], Real),
                f"{name}: a condition needs an Integer or a Choice, but {parent} is a Real.",
            )
    graph = {name: [parent for parent, _ in parameters[name].conditions] for name in parameters}
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise InputError(
            f"{error.args[1][0]}: its conditions go in a circle, {circle}; drop one of them."
        ) from None


def _demands(parameter: Parameter, known: Mapping[str, Mapping[str, Rule]]) -> dict[str, Rule]:
    """What acting demands of every ancestor: the parameter's own rules and its parents' demands."""
    demands: dict[str, Rule] = {}
    for parent, rule in parameter.conditions:
        for ancestor, demand in [(parent, rule), *known[parent].items()]:
            demands[ancestor] = demands[ancestor] & demand if ancestor in demands else demand
    return demands


def _released(parameter: Parameter, fixed: Mapping[str, Parameter]) -> Parameter:
    """`parameter` with the conditions on fixed parents replaced by those parents' own."""
    conditions = parameter.conditions
    free = replace(parameter, conditions=tuple(c for c in conditions if c[0] not in fixed))
    for parent, _ in conditions:
        if parent in fixed:
            free = free.when(**dict(_released(fixed[parent], fixed).conditions))
    return free
