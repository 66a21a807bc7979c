"""Claims: which process runs a trial, and how a trial begins in storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from optuna.trial import FrozenTrial, TrialState, create_trial

from search.processes import identity
from search.provenance import now
from search.spec import StudySpec
from search.tuners import Stage
from search.tuners.optuna import Pruner
from spaces import SearchSpace, TowerConfig
from spaces.optuna import distributions

__all__ = ["Claim", "begun", "is_of", "killed", "this_worker", "worker_of"]


@dataclass(frozen=True)
class Claim:
    """A trial that this process is to run, and the finished trials it is compared with.

    Under Hyperband `stage` says how far the trial trains, and which one it goes on from. `token`
    tells this claim from every other, of the same trial too.
    """

    number: int
    params: Mapping[str, Any]
    seed: int
    peers: list[FrozenTrial]
    stage: Stage | None = None
    token: str = field(default="", compare=False)

    @property
    def config(self) -> TowerConfig:
        """The resolved configuration."""
        return TowerConfig(**self.params)

    @property
    def epochs(self) -> int:
        """How many epochs the trial trains at most."""
        return min(self.config.epochs, self.stage.until) if self.stage else self.config.epochs

    @property
    def may_go_on(self) -> bool:
        """Whether a later trial may train on from where this one ends."""
        return self.epochs < self.config.epochs

    @property
    def parent(self) -> int | None:
        """The trial that this one goes on from, if any."""
        return self.stage.parent if self.stage else None

    def pruner(self, spec: StudySpec) -> Pruner:
        """Who says whether this trial should stop early."""
        return Pruner(spec, self.params, self.peers)


def begun(claim: Claim, space: SearchSpace) -> FrozenTrial:
    """The new trial as it enters storage, whole: already running, and its worker named."""
    known = distributions(space)
    return create_trial(
        state=TrialState.RUNNING,
        params=dict(claim.params),
        distributions={name: known[name] for name in claim.params},
        user_attrs={
            "number": claim.number,
            "worker": this_worker(claim.token),
            "beat": 0,
            "seed": claim.seed,
            "config": claim.config.as_dict(),
            "started": now(),
            **({"stage": claim.stage.as_dict()} if claim.stage else {}),
        },
    )


def this_worker(token: str) -> dict[str, Any]:
    """This process with one of its claims, as a trial's record names its worker."""
    return identity() | {"claim": token}


def worker_of(trial: FrozenTrial) -> dict[str, Any]:
    """The worker that a trial's record names; empty where there is none."""
    return dict(trial.user_attrs.get("worker") or {})


def is_of(trial: FrozenTrial, token: str) -> bool:
    """Whether the claim is the trial's latest."""
    return worker_of(trial).get("claim") == token


def killed(count: int, cause: str) -> str:
    """The reason of a trial that failed because its worker died so many times."""
    times = "once" if count == 1 else f"{count} times without a new checkpoint in between"
    return f"It killed its worker {times}: {cause}."
