"""Which share of a study a trial belongs to: all of it, or one value of `allocate_by`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from search.tuners.starts import fit
from spaces import SearchSpace

if TYPE_CHECKING:
    from search.spec import StudySpec

__all__ = ["Allocation", "allocation"]


@dataclass(frozen=True)
class Allocation:
    """A share: its own space, the parameters that define it, and a trial's number within it.

    `first` holds the share's own configurations to begin with.
    """

    space: SearchSpace
    fixed: Mapping[str, Any]
    turn: int
    first: tuple[Mapping[str, Any], ...]

    def holds(self, params: Mapping[str, Any]) -> bool:
        """Whether a trial with these parameters is of this share."""
        return all(params.get(name) == value for name, value in self.fixed.items())


def allocation(spec: StudySpec, number: int) -> Allocation:
    """The share of trial `number`: with D values of `allocate_by`, value number mod D."""
    name = spec.study.allocate_by
    if not name:
        return Allocation(spec.space, {}, number, spec.first)
    values = list(spec.space[name].grid())
    fixed: dict[str, Any] = {name: values[number % len(values)]}
    space = spec.space.fix(**fixed)
    first = [fit(space, config) for config in spec.first if config.get(name) == fixed[name]]
    return Allocation(space, fixed, number // len(values), tuple(filter(None, first)))
