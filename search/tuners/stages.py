"""What a tuner proposes: a configuration, and how far and from where Hyperband trains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

__all__ = ["Proposal", "Stage", "stage_of"]


@dataclass(frozen=True)
class Stage:
    """A trial's place in Hyperband: a round of a bracket, both counted from 0.

    The trial trains until epoch `until`, from the last weights of trial `parent` if there is one.
    """

    bracket: int
    round: int
    until: int
    parent: int | None = None

    def as_dict(self) -> dict[str, int | None]:
        """The stage as plain JSON data."""
        return asdict(self)


@dataclass(frozen=True)
class Proposal:
    """A configuration's active parameters, and its stage where the tuner works in stages."""

    params: Mapping[str, Any]
    stage: Stage | None = None


def stage_of(trial: FrozenTrial) -> Stage | None:
    """The stage that a stored trial was proposed for."""
    stored = trial.user_attrs.get("stage")
    return Stage(**stored) if stored else None
