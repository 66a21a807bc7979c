"""What a trial is asked to do, whom it tells while it trains, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from search.data.encoded import EncodedData
from search.training.evaluation import Seen
from search.training.measures import OBJECTIVES
from search.training.program import Programs
from spaces import InputError, TowerConfig

__all__ = ["Entry", "Goal", "Hooks", "Outcome", "Task"]

Entry = dict[str, Any]


@dataclass(frozen=True)
class Goal:
    """What a trial is judged by: a metric, "max" or "min", at its "best" or its "last" epoch.

    At "first" a trial ends with its first validation.
    """

    metric: str
    direction: str
    value_at: str = "best"

    @classmethod
    def of(cls, metric: str) -> Goal:
        """The goal of a metric's best epoch; an `InputError` where there is no such metric."""
        if metric not in OBJECTIVES:
            raise InputError(f"metric: must be one of {', '.join(OBJECTIVES)}, got {metric!r}.")
        return cls(metric, OBJECTIVES[metric])

    def chosen(self, curve: list[Entry]) -> Entry:
        """The entry of the curve that speaks for the trial: of equals, the first."""
        if self.value_at == "last":
            return curve[-1]
        return (max if self.direction == "max" else min)(curve, key=lambda e: e[self.metric])


@dataclass(frozen=True)
class Task:
    """A trial to run: the data, the configuration, the seed, the goal and the checkpoint's place.

    A trial that completes leaves the weights of the epoch that speaks for it in `weights`.
    `programs` are what earlier trials in this process have compiled. The trial ends at epoch
    `until` where that is before the configuration's last. With `keeps` it leaves a checkpoint of
    its last epoch, which a trial of the same configuration and seed may name as its `origin`, to
    train on from there. `seen` takes training candidates out of the ranking; `by_score` also
    records the accuracy of the tutorial's score-based evaluation, `top_100_accuracy_by_score`.
    `part` is what is measured.
    """

    data: EncodedData
    config: TowerConfig
    seed: int
    goal: Goal
    checkpoint: Path
    weights: Path | None = None
    programs: Programs = field(default_factory=Programs)
    origin: Path | None = None
    until: int | None = None
    keeps: bool = False
    seen: Seen | None = None
    by_score: bool = False
    part: str = "validation"

    @property
    def epochs(self) -> int:
        """The last epoch."""
        return min(self.until or self.config.epochs, self.config.epochs)

    @property
    def identity(self) -> dict[str, Any]:
        """What two runs must share for one to go on from the other's checkpoint."""
        return {
            "data": self.data.fingerprint,
            "config": self.config.as_dict(),
            "seed": self.seed,
            "exclude_seen": self.seen is not None,
            "part": self.part,
        }


@dataclass(frozen=True)
class Hooks:
    """What a trial asks and tells while it trains.

    `prunes(epoch, value)` is asked after each validation, `stops()` after each epoch, and
    `reports(epoch, entry)` is told of each epoch, with the curve's entry where it was validated.
    """

    prunes: Callable[[int, float], bool]
    stops: Callable[[], bool]
    reports: Callable[[int, Entry | None], None]


@dataclass(frozen=True)
class Outcome:
    """How a trial ended: "complete", "pruned" or "failed", and the fields of its record."""

    state: str
    curve: list[Entry]
    best_epoch: int | None = None
    value: float | None = None
    metrics: Entry = field(default_factory=dict)
    cost: Entry = field(default_factory=dict)
    error: str | None = None
    by_user: list[float] = field(default_factory=list)
