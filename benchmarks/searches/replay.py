"""Searches replayed on the surrogate: how good the best is after so many epochs of training."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from optuna.trial import FrozenTrial, TrialState, create_trial

from benchmarks.searches.surrogate import Surrogate
from search.spec import StudySpec
from search.tuners import Proposal, propose
from search.tuners.optuna import Pruner
from spaces.optuna import distributions

__all__ = ["Search", "replay"]


@dataclass(frozen=True)
class Search:
    """The best value so far after each epoch of training, all trials counted."""

    best: list[float]

    def epochs_to(self, value: float) -> int | None:
        """After how many epochs the best was at least `value`; None where it never was."""
        return next((n for n, best in enumerate(self.best, start=1) if best >= value), None)


def replay(spec: StudySpec, surrogate: Surrogate, epochs: int) -> Search:
    """Search on the surrogate with the spec's tuner and pruner, for so many epochs in all."""
    values: list[float] = []
    trials: list[FrozenTrial] = []
    while len(values) < epochs:
        proposal = propose(spec, len(trials), trials)
        if proposal is None:
            break
        trial = _trained(spec, surrogate, proposal, trials)
        trials.append(trial)
        begun = _begun(proposal, trials)
        values += [v for epoch, v in trial.intermediate_values.items() if epoch > begun]
    return Search(list(_best_so_far(values, epochs)))


def _trained(
    spec: StudySpec, surrogate: Surrogate, proposal: Proposal, trials: list[FrozenTrial]
) -> FrozenTrial:
    until = proposal.stage.until if proposal.stage else surrogate.epochs
    curve = dict(enumerate(surrogate.curve(proposal.params)[:until], start=1))
    pruner, state = Pruner(spec, proposal.params, trials), TrialState.COMPLETE
    seen: dict[int, float] = {}
    for epoch, value in curve.items():
        seen[epoch] = value
        if epoch < until and pruner.prunes(epoch, value):
            state = TrialState.PRUNED
            break
    known, stage = distributions(spec.space), proposal.stage
    trial = create_trial(
        state=state,
        value=max(seen.values()),
        params=dict(proposal.params),
        distributions={name: known[name] for name in proposal.params},
        intermediate_values=seen,
        user_attrs={"stage": stage.as_dict()} if stage else {},
    )
    trial.number = len(trials)
    return trial


def _begun(proposal: Proposal, trials: list[FrozenTrial]) -> int:
    """The epoch that the trial went on from: those before it were trained by its parent."""
    parent: Any = proposal.stage.parent if proposal.stage else None
    return 0 if parent is None else max(trials[parent].intermediate_values)


def _best_so_far(values: list[float], epochs: int) -> Iterator[float]:
    best = 0.0
    for n in range(epochs):
        best = max([best, *values[n : n + 1]])
        yield best
