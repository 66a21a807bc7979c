"""What the two-tower model accepts: the domain, default and conditions of all its parameters."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Final, Literal, TypeAlias, TypeVar, get_args

from spaces.conditions import Value, at_least
from spaces.errors import InputError
from spaces.parameters import Choice, Integer, Parameter, Real, Subset
from spaces.space import SearchSpace, never_acting
from spaces.wording import require, suggestion

__all__ = ["AXES", "DEFAULTS", "MODEL", "TOWERS", "Tower", "for_model", "resolve"]

T = TypeVar("T")
Tower: TypeAlias = Literal["query", "candidate"]

_FRACTION = Real(0.0, 0.99999)
_IN_BATCH = ["in_batch", "in_batch_logq"]

# A parameter states the conditions of its parents too, so that any of them can be settled alone.
_PARAMETERS: Final[Mapping[str, tuple[Value, Parameter]]] = {
    "depth": (2, Integer(1, 16)),
    "width": (64, Integer(1, 8192).when(depth=at_least(2), taper="constant")),
    "taper": ("constant", Choice(["constant", "halving"]).when(depth=at_least(2))),
    "activation": (
        "relu",
        Choice(["relu", "gelu", "swish", "tanh", "elu", "selu"]).when(depth=at_least(2)),
    ),
    "output_dim": (32, Integer(1, 4096)),
    "embedding_dim": (32, Integer(1, 4096)),
    "query_features": ("all", Subset()),
    "candidate_features": ("all", Subset()),
    "dropout": (0.0, Real(0.0, 0.95)),
    "id_dropout": (0.0, Real(0.0, 0.95)),
    "l2": (0.0, Real(0.0, 10.0)),
    "normalize": (False, Choice([False, True])),
    "temperature": (1.0, Real(1e-4, 1e4)),
    "negatives": ("in_batch_logq", Choice([*_IN_BATCH, "full_softmax"])),
    "reduction": ("mean", Choice(["mean", "sum"])),
    "remove_accidental_hits": (False, Choice([False, True]).when(negatives=_IN_BATCH)),
    "hard_negatives": (0, Integer(0, 1_000_000).when(negatives=_IN_BATCH)),
    "optimizer": ("adam", Choice(["adagrad", "adam", "adamw", "sgd", "rmsprop"])),
    "learning_rate": (0.003, Real(1e-8, 100.0)),
    "momentum": (0.9, _FRACTION.when(optimizer="sgd")),
    "beta_1": (0.9, _FRACTION.when(optimizer=["adam", "adamw"])),
    "beta_2": (0.999, _FRACTION.when(optimizer=["adam", "adamw"])),
    "rho": (0.9, _FRACTION.when(optimizer="rmsprop")),
    "initial_accumulator": (0.1, Real(0.0, 1000.0).when(optimizer="adagrad")),
    "weight_decay": (0.004, Real(0.0, 10.0).when(optimizer="adamw")),
    "schedule": ("constant", Choice(["constant", "cosine", "exponential"])),
    "decay_rate": (0.1, Real(1e-6, 1.0).when(schedule="exponential")),
    "warmup": (0.0, Real(0.0, 0.5)),
    "batch_size": (1024, Integer(1, 1_048_576)),
    "epochs": (20, Integer(1, 10_000)),
    "validate_every": (1, Integer(1, 10_000)),
    "patience": (3, Integer(0, 10_000)),
}

MODEL: Final = SearchSpace(**{name: domain for name, (_, domain) in _PARAMETERS.items()})
DEFAULTS: Final = {name: default for name, (default, _) in _PARAMETERS.items()}
TOWERS: Final[tuple[Tower, ...]] = get_args(Tower)
AXES: Final = ("depth", "width", "taper", "activation")  # what a tower may have of its own


def resolve(given: Mapping[str, Value | None]) -> dict[str, Value]:
    """The whole configuration that `given` stands for: what acts has a value, the rest is absent.

    Defaults fill what is not given or None. Where one tower has an axis of its own, both get one.
    Raises `InputError` for an unknown name, a value the model cannot take, and one without effect.
    """
    named = {name: value for name, value in given.items() if value is not None}
    axes = _split_axes(named)
    values = _per_tower(named, axes, lambda value, _: value)
    model, defaults = _model(axes)
    config = model.build(lambda name, _: values.get(name, defaults[name]))
    kept = {name: values[name] for name in values if not _is_spare(name, named, config)}
    flaw = model.why_not({**config, **kept})
    if flaw is not None:
        raise InputError(flaw)
    return {
        name: float(value) if isinstance(model[name], Real) else value
        for name, value in config.items()
    }


def for_model(space: SearchSpace) -> SearchSpace:
    """`space` as the model takes it: within its domains, and under its conditions.

    The model's conditions come beside those already there; one on a parameter that is not in the
    space is settled by that one's default. A space that gives a tower a depth, width, taper or
    activation of its own gets one for each tower, and with it whatever hangs on it: the shared
    axis is copied where it is in the space. Raises `InputError` for a name or range that the
    model does not have, and for a parameter that could never act.
    """
    axes = _split_axes(space)
    parameters = _per_tower(space, axes, lambda shared, tower: _for_tower(shared, tower, axes))
    bound = {name: _bound(name, parameters, axes) for name in parameters}
    idle = never_acting(bound)
    acting = bound.keys() - idle.keys()
    for name, sentence in idle.items():
        require(_is_spare(name, space, acting), sentence)
    return SearchSpace(**{name: bound[name] for name in bound if name in acting})


def _split_axes(names: Iterable[str]) -> frozenset[str]:
    """The axes that known `names` give to one tower, and those that are conditioned on them."""
    own = {f"{tower}_{axis}": axis for tower in TOWERS for axis in AXES}
    for name in names:
        require(
            name in MODEL or name in own,
            f"{name}: no such parameter of the model; {suggestion(name, [*MODEL, *own])}",
        )
    named = {own[name] for name in names if name in own}
    return frozenset(
        axis for axis in AXES if named & {axis, *(parent for parent, _ in MODEL[axis].conditions)}
    )


def _per_tower(
    given: Mapping[str, T], axes: frozenset[str], adapt: Callable[[T, str], T]
) -> dict[str, T]:
    """`given` with each shared one of `axes` handed to the towers that have none of their own."""
    result = {}
    for name, shared in given.items():
        lacking = [tower for tower in TOWERS if f"{tower}_{name}" not in given]
        if name not in axes:
            result[name] = shared
        elif not lacking:
            raise InputError(f"{name}: acts nowhere, as both towers have their own; leave it out.")
        else:
            result |= {f"{tower}_{name}": adapt(shared, tower) for tower in lacking}
    return result


def _for_tower(shared: Parameter, tower: str, axes: frozenset[str]) -> Parameter:
    """The tower's own copy of a shared parameter, conditioned on the tower's own parents."""
    conditions = {
        f"{tower}_{parent}" if parent in axes else parent: rule
        for parent, rule in shared.conditions
    }
    return replace(shared, conditions=()).when(**conditions)


def _is_spare(name: str, given: Container[str], acting: Container[str]) -> bool:
    """Whether `name` is a tower's copy of a shared axis that acts in the other tower alone."""
    _, _, axis = name.partition("_")
    copied = name not in given and name not in acting
    return copied and any(f"{tower}_{axis}" in acting for tower in TOWERS)


@cache
def _model(axes: frozenset[str]) -> tuple[SearchSpace, dict[str, Value]]:
    """The model's space and defaults, with `axes` an axis for each tower."""
    space = _per_tower(MODEL, axes, lambda shared, tower: _for_tower(shared, tower, axes))
    return SearchSpace(**space), _per_tower(DEFAULTS, axes, lambda shared, _: shared)


def _bound(name: str, parameters: Mapping[str, Parameter], axes: frozenset[str]) -> Parameter:
    """The parameter under the model's conditions; those on what is at its default are settled."""
    model, defaults = _model(axes)
    parameter = parameters[name]
    _require_inside(name, parameter, model[name])
    for parent, rule in model[name].conditions:
        if parent in parameters:
            parameter = parameter.when(**{parent: rule})
        else:
            require(
                rule.holds(defaults[parent]),
                f"{name}: can never act, as it needs {parent} to be {rule}, but {parent} is not in "
                f"the space and {defaults[parent]!r} by default.",
            )
    return parameter


def _require_inside(name: str, parameter: Parameter, domain: Parameter) -> None:
    points = parameter.grid(2)
    for value in points if isinstance(parameter, Choice) else (points[0], points[-1]):
        fault = domain.why_not(value)
        require(fault is None, f"{name}: {fault}.")
