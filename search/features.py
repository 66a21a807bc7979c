"""Which of a dataset's features take part in a study: optional ones only where it names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from search.data.schema import Array, Dataset
from spaces import InputError, SearchSpace
from spaces.model import TOWERS, Tower

__all__ = ["chosen"]

_ALL = "all"


def chosen(dataset: Dataset, space: SearchSpace) -> Dataset:
    """The dataset without the optional features that no configuration of the space uses.

    A space that names a feature which the dataset lacks is an InputError.
    """
    schema, named = dataset.schema, {tower: _named(space, tower) for tower in TOWERS}
    for tower in TOWERS:
        _check(dataset, tower, named[tower])
    kept = tuple(f for f in schema.features if not f.optional or f.name in named[f.side])
    read = {f.source for f in kept} | {schema.candidate, schema.user, schema.time}
    spare = {f.source for f in schema.features} - read
    return replace(
        dataset,
        schema=replace(schema, features=kept),
        interactions=_without(dataset.interactions, spare),
        candidates=_without(dataset.candidates, spare),
    )


def _named(space: SearchSpace, tower: Tower) -> dict[str, str]:
    """The features that a tower may use, each with an option of the space that names it."""
    name = f"{tower}_features"
    options = map(str, space[name].grid()) if name in space else ()
    return {feature: option for option in options for feature in option.split("+")}


def _check(dataset: Dataset, tower: Tower, named: Mapping[str, str]) -> None:
    known = [feature.name for feature in dataset.schema.features if feature.side == tower]
    for feature, option in named.items():
        if feature not in (_ALL, *known):
            raise InputError(
                f"{tower}_features: must be 'all' or some of {', '.join(known)} joined by '+', got "
                f"{option!r} with {feature!r}."
            )


def _without(columns: Mapping[str, Array], spare: set[str]) -> dict[str, Array]:
    return {name: values for name, values in columns.items() if name not in spare}
