"""The next configuration: a pure function of the spec, the trial's number and the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from search.tuners.allocation import allocation
from search.tuners.modelling import is_fixed
from search.tuners.names import check_installed
from spaces import Parameter, SearchSpace

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

    from search.spec import StudySpec

__all__ = ["complete", "fit", "peers", "propose"]


def propose(spec: StudySpec, number: int, trials: Sequence[FrozenTrial]) -> dict[str, Any] | None:
    """The configuration of trial `number`, given the trials before it; None where there is none.

    The same arguments give the same configuration in any process, so that a search that was
    interrupted proposes what the uninterrupted one would have.
    """
    if spec.study.confirms:
        return dict(spec.first[number % len(spec.first)])
    check_installed(spec.study.tuner)
    share, (toolkit, algorithm) = allocation(spec, number), spec.study.tuner.split(".")
    if spec.study.tuner == "optuna.grid":
        return next(islice(share.space.grid(), share.turn, None), None)
    begin = [fit(share.space, config) for config in spec.first if share.holds(config)]
    if algorithm != "grid" and share.turn < len(begin):
        return begin[share.turn]
    if toolkit == "keras_tuner":
        from search.tuners import keras_tuner

        return keras_tuner.propose(spec, number, peers(spec, number, trials))
    from search.tuners import optuna

    return optuna.propose(spec, number, peers(spec, number, trials))


def peers(spec: StudySpec, number: int, trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
    """The finished trials that trial `number` learns from and is compared with, in order."""
    share = allocation(spec, number)
    return [
        trial
        for trial in trials
        if trial.number != number and trial.state.is_finished() and share.holds(trial.params)
    ]


def fit(space: SearchSpace, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The configuration of `space` that takes its active parameters from `values`, if there is one.

    A parameter with one option keeps it.
    """
    config = complete(space, values)
    return config if values and space.why_not(config) is None else None


def complete(space: SearchSpace, values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that act, with their values or the only one they have, else None."""
    return space.build(lambda name, parameter: _only(parameter, values.get(name)))


def _only(parameter: Parameter, value: Any) -> Any:
    return parameter.grid()[0] if is_fixed(parameter) else value
