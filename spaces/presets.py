"""Presets: search spaces that are ready to run, with defaults for the study around them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from spaces.conditions import Value
from spaces.errors import InputError
from spaces.model import for_model
from spaces.parameters import Choice, Integer, Real
from spaces.space import SearchSpace
from spaces.wording import suggestion

__all__ = ["PRESETS", "Preset", "preset"]


@dataclass(frozen=True)
class Preset:
    """A space, and what its study starts from.

    `study` and `data` are defaults of the tables of these names in a study's file; `first` holds
    the configurations that a study tries before its tuner proposes any.
    """

    name: str
    summary: str
    space: SearchSpace
    study: Mapping[str, Any]
    data: Mapping[str, Any] = field(default_factory=dict)
    first: tuple[Mapping[str, Value], ...] = ()


def preset(name: object) -> Preset:
    """The preset called `name`; `InputError` where there is none."""
    if not isinstance(name, str):
        raise InputError(
            f"preset: must be the name of one, got {name!r}; use one of {', '.join(PRESETS)}."
        )
    if name not in PRESETS:
        raise InputError(f"preset: no preset is called {name!r}; {suggestion(name, PRESETS)}")
    return PRESETS[name]


def _at_each(depths: Iterable[int], space: SearchSpace, **values: Value) -> tuple[Any, ...]:
    """The configuration of these values at each depth; a fixed parameter has its one value."""
    return tuple(_complete(space, {**values, "depth": depth}) for depth in depths)


def _complete(space: SearchSpace, values: Mapping[str, Value]) -> dict[str, Any]:
    return space.build(lambda name, fixed: values.get(name, fixed.grid(2)[0]))


_TUTORIAL = Preset(
    name="tutorial",
    summary="one, two and three layers with everything else as in the tutorial on deep retrieval",
    space=for_model(
        SearchSpace(
            depth=Integer(1, 3),
            taper=Choice(["halving"]),
            activation=Choice(["relu"]),
            output_dim=Choice([32]),
            embedding_dim=Choice([32]),
            negatives=Choice(["in_batch"]),
            reduction=Choice(["sum"]),
            optimizer=Choice(["adagrad"]),
            learning_rate=Choice([0.1]),
            initial_accumulator=Choice([0.1]),
            batch_size=Choice([2048]),
            epochs=Choice([300]),
            validate_every=Choice([5]),
            patience=Choice([0]),
        )
    ),
    study={
        "objective": "top_100_accuracy",
        "tuner": "optuna.grid",
        "pruner": "none",
        "trials": 3,
        "value_at": "last",
    },
    data={"split": {"by": "tutorial"}},
)

_TOWERS_SPACE = for_model(
    SearchSpace(
        depth=Integer(1, 4),
        width=Choice([32, 64, 128, 256]),
        activation=Choice(["relu", "gelu", "swish", "tanh"]),
        optimizer=Choice(["adagrad", "adam", "sgd"]),
        learning_rate=Real(1e-4, 0.5, log=True),
        momentum=Real(0.0, 0.99),
        epochs=Choice([15]),
    )
)

_TOWERS = Preset(
    name="towers",
    summary="the shape of the towers, the optimizer and its learning rate",
    space=_TOWERS_SPACE,
    study={"pruner": "median", "trials": 30},
    first=_at_each(
        (2, 1, 3, 4),
        _TOWERS_SPACE,
        width=128,
        activation="relu",
        optimizer="adam",
        learning_rate=0.003,
    ),
)

_DEPTH_SPACE = for_model(
    SearchSpace(
        depth=Integer(1, 4),
        width=Choice([32, 64, 128, 256]),
        dropout=Real(0.0, 0.5),
        l2=Real(1e-8, 1e-3, log=True),
        optimizer=Choice(["adamw"]),
        learning_rate=Real(1e-4, 0.05, log=True),
        weight_decay=Real(1e-5, 0.1, log=True),
        epochs=Choice([15]),
    )
)

_DEPTH = Preset(
    name="depth",
    summary="one to four layers, each depth tuned by itself on an equal share of the trials",
    space=_DEPTH_SPACE,
    study={"pruner": "median", "trials": 40, "allocate_by": "depth"},
    first=_at_each(
        (1, 2, 3, 4),
        _DEPTH_SPACE,
        width=128,
        dropout=0.1,
        l2=1e-7,
        learning_rate=0.003,
        weight_decay=0.004,
    ),
)

_FULL_SPACE = for_model(
    SearchSpace(
        depth=Integer(1, 5),
        width=Choice([32, 64, 128, 256, 512]),
        taper=Choice(["constant", "halving"]),
        activation=Choice(["relu", "gelu", "swish", "tanh", "elu", "selu"]),
        output_dim=Choice([16, 32, 64, 128]),
        embedding_dim=Choice([16, 32, 64, 128]),
        dropout=Real(0.0, 0.5),
        l2=Real(1e-8, 1e-3, log=True),
        normalize=Choice([False, True]),
        temperature=Real(0.05, 2.0, log=True),
        negatives=Choice(["in_batch", "in_batch_logq", "full_softmax"]),
        remove_accidental_hits=Choice([False, True]),
        hard_negatives=Choice([0, 50, 200]),
        optimizer=Choice(["adagrad", "adam", "adamw", "sgd", "rmsprop"]),
        learning_rate=Real(1e-4, 0.5, log=True),
        momentum=Real(0.0, 0.99),
        beta_1=Real(0.8, 0.95),
        beta_2=Real(0.98, 0.9999),
        rho=Real(0.8, 0.99),
        initial_accumulator=Real(0.001, 1.0, log=True),
        weight_decay=Real(1e-5, 0.1, log=True),
        schedule=Choice(["constant", "cosine", "exponential"]),
        decay_rate=Real(0.01, 0.5, log=True),
        warmup=Real(0.0, 0.2),
        batch_size=Choice([256, 512, 1024, 2048]),
        epochs=Choice([20]),
    )
)

_FULL = Preset(
    name="full",
    summary="all that can vary in a model whose towers share their shape",
    space=_FULL_SPACE,
    study={"pruner": "hyperband", "trials": 60},
    first=_at_each(
        (2, 1, 3, 4),
        _FULL_SPACE,
        width=256,
        taper="constant",
        activation="relu",
        output_dim=32,
        embedding_dim=64,
        dropout=0.1,
        l2=1e-8,
        normalize=False,
        temperature=1.0,
        negatives="full_softmax",
        optimizer="adamw",
        learning_rate=0.0023,
        beta_1=0.9,
        beta_2=0.999,
        weight_decay=0.004,
        schedule="constant",
        warmup=0.0,
        batch_size=1024,
    ),
)

PRESETS: Final[Mapping[str, Preset]] = {
    shipped.name: shipped for shipped in (_TUTORIAL, _TOWERS, _DEPTH, _FULL)
}
