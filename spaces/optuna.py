"""A search space in Optuna's terms: distributions, and a configuration suggested by a trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from spaces.conditions import Value
from spaces.parameters import Integer, Parameter, Real
from spaces.space import SearchSpace

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.trial import BaseTrial

__all__ = ["distributions", "suggest"]


def distributions(space: SearchSpace) -> dict[str, BaseDistribution]:
    """The distribution of every parameter, whether it acts or not."""
    return {name: _distribution(space[name]) for name in space}


def suggest(trial: BaseTrial, space: SearchSpace) -> dict[str, Value]:
    """A configuration of the parameters that act, each suggested by the trial, parents first."""
    return space.build(lambda name, parameter: _suggest(trial, name, parameter))


def _distribution(parameter: Parameter) -> BaseDistribution:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    match parameter:
        case Integer(low, high, step, log):
            return IntDistribution(low, high, log=log, step=step)
        case Real(low, high, log, step):
            return FloatDistribution(low, high, log=log, step=step)
    return CategoricalDistribution(parameter.grid())


def _suggest(trial: BaseTrial, name: str, parameter: Parameter) -> Value:
    match parameter:
        case Integer(low, high, step, log):
            return trial.suggest_int(name, low, high, step=step, log=log)
        case Real(low, high, log, step):
            return trial.suggest_float(name, low, high, step=step, log=log)
    return cast(Value, trial.suggest_categorical(name, parameter.grid()))
