"""The resolved configuration of one trial."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from spaces.conditions import Value
from spaces.model import Tower, resolve

__all__ = ["TowerConfig"]


@dataclass(frozen=True, init=False)
class TowerConfig:
    """One two-tower model and its training: `TowerConfig(depth=3, optimizer="sgd", momentum=0.8)`.

    What is not given has its default; what does not act under the rest is None, and giving it is an
    `InputError`, as are an unknown name and a value out of range. `spaces.model` states domains,
    defaults and conditions.

    `depth` counts a tower's dense layers, the last, linear one of `output_dim` units included. The
    others have `width` units (`taper="constant"`), or `output_dim` times 2, 4, ... from the last
    one upwards (`taper="halving"`). As soon as one tower has an axis of its own (`query_depth`,
    ...), both have, and the shared one is None. `query_features` and `candidate_features` name what
    enters a tower, joined by "+"; "all" are those that are not optional. `id_dropout` is the share
    of ids, categories, hours and weekdays that a training step takes for unknown. `hard_negatives`
    0 keeps all negatives. `decay_rate` is the share of the learning rate that is left in the last
    epoch, `warmup` a share of all steps. `validate_every` is in epochs, `patience` in validations
    without improvement, where 0 never stops early.
    """

    depth: int | None
    width: int | None
    taper: str | None
    activation: str | None
    output_dim: int
    query_depth: int | None
    query_width: int | None
    query_taper: str | None
    query_activation: str | None
    candidate_depth: int | None
    candidate_width: int | None
    candidate_taper: str | None
    candidate_activation: str | None
    embedding_dim: int
    query_features: str
    candidate_features: str
    dropout: float
    id_dropout: float
    l2: float
    normalize: bool
    temperature: float
    negatives: str
    reduction: str
    remove_accidental_hits: bool | None
    hard_negatives: int | None
    optimizer: str
    learning_rate: float
    momentum: float | None
    beta_1: float | None
    beta_2: float | None
    rho: float | None
    initial_accumulator: float | None
    weight_decay: float | None
    schedule: str
    decay_rate: float | None
    warmup: float
    batch_size: int
    epochs: int
    validate_every: int
    patience: int

    def __init__(self, **given: Value | None) -> None:
        values = resolve(given)
        for field in fields(self):
            object.__setattr__(self, field.name, values.get(field.name))

    def as_dict(self) -> dict[str, Value]:
        """The values that act, in the order of the fields."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}

    def layer_sizes(self, tower: Tower) -> list[int]:
        """The units of the tower's dense layers, first to last."""
        hidden = self._of(tower, "depth") - 1
        if hidden and self._of(tower, "taper") == "halving":
            return [self.output_dim * 2**i for i in range(hidden, -1, -1)]
        return [self._of(tower, "width")] * hidden + [self.output_dim]

    def activation_of(self, tower: Tower) -> str | None:
        """The activation after each of the tower's layers but the last; None at depth 1."""
        activation: str | None = self._of(tower, "activation")
        return activation

    def uses(self, tower: Tower, feature: str, optional: bool = False) -> bool:
        """Whether a feature of the tower's side takes part."""
        named = getattr(self, f"{tower}_features").split("+")
        return feature in named or ("all" in named and not optional)

    def _of(self, tower: Tower, axis: str) -> Any:
        own = getattr(self, f"{tower}_{axis}")
        return getattr(self, axis) if own is None else own
