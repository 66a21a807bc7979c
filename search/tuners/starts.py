"""Configurations to begin with, fitted to the space that a study searches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spaces import Choice, Parameter, SearchSpace
from spaces.model import DEFAULTS

__all__ = ["complete", "defaults", "fit", "is_fixed"]


def fit(space: SearchSpace, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The configuration of `space` that takes its active parameters from `values`, if there is one.

    A parameter with one option keeps it.
    """
    config = complete(space, values)
    return config if values and space.why_not(config) is None else None


def complete(space: SearchSpace, values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that act, with their values or the only one they have, else None."""
    return space.build(lambda name, parameter: _only(parameter, values.get(name)))


def defaults(space: SearchSpace) -> dict[str, Any]:
    """The model's default configuration, each value moved to the nearest that the space has."""
    return space.build(lambda name, parameter: _nearest(parameter, _default(name)))


def is_fixed(parameter: Parameter) -> bool:
    """Whether the parameter has one value alone."""
    return isinstance(parameter, Choice) and len(parameter.options) == 1


def _default(name: str) -> Any:
    """The default of a parameter; a tower's own axis has the shared one's."""
    return DEFAULTS.get(name, DEFAULTS.get(name.partition("_")[2]))


def _nearest(parameter: Parameter, wanted: Any) -> Any:
    if parameter.why_not(wanted) is None:
        return wanted
    options = parameter.grid(2)
    if isinstance(wanted, str | bool) or isinstance(options[0], str | bool):
        return options[0]
    return min(options, key=lambda option: abs(float(option) - wanted))


def _only(parameter: Parameter, value: Any) -> Any:
    return parameter.grid()[0] if is_fixed(parameter) else value
