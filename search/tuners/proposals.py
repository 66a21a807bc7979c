"""The next configuration: a pure function of the spec, the trial's number and the record."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from search.tuners.allocation import Allocation, allocation
from search.tuners.names import check_installed
from search.tuners.stages import Proposal

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

    from search.spec import StudySpec

__all__ = ["peers", "propose"]

_BEGINNING_THEMSELVES = ("keras_tuner.grid", "keras_tuner.hyperband")


def propose(spec: StudySpec, number: int, trials: Sequence[FrozenTrial]) -> Proposal | None:
    """What trial `number` is to train, given the trials before it; None where nothing is left.

    The same arguments give the same proposal in any process, so that a search that was
    interrupted proposes what the uninterrupted one would have.
    """
    if spec.study.confirms:
        return Proposal(dict(spec.first[number % len(spec.first)]))
    tuner, share = spec.study.tuner, allocation(spec, number)
    check_installed(tuner)
    if tuner == "optuna.grid":
        point = next(islice(share.space.grid(), share.turn, None), None)
        return None if point is None else Proposal(point)
    if tuner not in _BEGINNING_THEMSELVES and share.turn < len(share.first):
        return Proposal(share.first[share.turn])
    others = _others(share, number, trials)
    if tuner.startswith("optuna."):
        from search.tuners import optuna

        return Proposal(optuna.propose(spec, number, others))
    from search.tuners import keras_tuner

    return keras_tuner.propose(spec, number, others)


def peers(spec: StudySpec, number: int, trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
    """The finished trials that trial `number` learns from and is compared with, in order."""
    others = _others(allocation(spec, number), number, trials)
    return [trial for trial in others if trial.state.is_finished()]


def _others(share: Allocation, number: int, trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
    return [trial for trial in trials if trial.number != number and share.holds(trial.params)]
