"""A search space in KerasTuner's terms: hyperparameters, and the configuration in their values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spaces.conditions import Rule, Value
from spaces.parameters import Integer, Parameter, Real
from spaces.space import SearchSpace

if TYPE_CHECKING:
    from keras_tuner import HyperParameters

__all__ = ["hyperparameters", "values"]


def hyperparameters(space: SearchSpace) -> HyperParameters:
    """The space as hyperparameters, parents first, each under its conditions.

    They are made from plain data, as KerasTuner reads them from its own files: its conditional
    scopes cannot nest over two parents that do not depend on each other. A stepped `Real` is an
    ordered choice, since KerasTuner's own steps of 0.1 from 0 end at 0.9 and not at 1.
    """
    from keras_tuner import HyperParameters

    hp = HyperParameters()
    items = [_item(name, space) for name in space.order]
    hp.merge(HyperParameters.from_config({"space": items, "values": {}}))
    return hp


def values(hp: HyperParameters, space: SearchSpace) -> dict[str, Value]:
    """The configuration of the parameters that act, in the space's own types."""
    return space.build(lambda name, parameter: _value(hp.get(name), parameter))


def _item(name: str, space: SearchSpace) -> dict[str, Any]:
    kind, config = _kind(space[name])
    conditions = [
        {
            "class_name": "Parent",
            "config": {"name": parent, "values": _passing(space[parent], rule)},
        }
        for parent, rule in space[name].conditions
    ]
    return {"class_name": kind, "config": {"name": name, "conditions": conditions, **config}}


def _kind(parameter: Parameter) -> tuple[str, dict[str, Any]]:
    match parameter:
        case Integer(low, high, step, log):
            kind, step_ = "Int", None if log else step
        case Real(low, high, log, step=None):
            kind, step_ = "Float", None
        case _:
            return "Choice", {"values": list(parameter.grid())}
    sampling = "log" if log else "linear"
    return kind, {"min_value": low, "max_value": high, "step": step_, "sampling": sampling}


def _passing(parent: Parameter, rule: Rule) -> list[Value]:
    return [value for value in parent.grid() if rule.holds(value)]


def _value(value: Any, parameter: Parameter) -> Value:
    if isinstance(parameter, Integer | Real):
        # Bayesian search may ask for the upper end of a log scale, which KerasTuner overshoots.
        clipped: float = min(max(value, parameter.low), parameter.high)
        return clipped
    options = parameter.grid()
    return options[options.index(value)]  # KerasTuner turns true and false into 1 and 0
