"""Makes a study's spec, in one place: command line over file over preset over defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from search.spec import DataTable, StudySpec, StudyTable
from search.spec.errors import check_keys, line_of, sentence
from search.spec_rules import check, unpruned
from search.tuners import check_installed, complete, default_tuner, defaults, fit
from spaces import InputError, Parameter, Preset, SearchSpace, for_model, preset
from spaces.toml import parameters

__all__ = ["resolve", "spec_from_table"]


def resolve(
    table: Mapping[str, Any],
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
    text: str = "",
    *,
    enqueued: Sequence[Mapping[str, Any]] = (),
    offered: Sequence[Mapping[str, Any]] = (),
) -> StudySpec:
    """Command line over file over preset over defaults.

    `table` is the file's tables; `overrides` what the command line gave, by table, with None for
    what it did not give; `text` the file's text, for the line in error messages. Ahead of the
    configurations that the study would begin with come the `enqueued`, which must be of its
    space, and those of the `offered` that are.
    """
    try:
        spec = _resolve(table, overrides or {})
        if spec.study.confirms:
            raise InputError(
                "study.confirms: is for `towersearch confirm` to write, got "
                f"{spec.study.confirms!r}; leave it out."
            )
        ahead = [_begun(spec.space, config) for config in enqueued]
        ahead += filter(None, (fit(spec.space, config) for config in offered))
        spec = replace(spec, first=_distinct([*ahead, *spec.first]))
        check_installed(spec.study.tuner)
    except InputError as error:
        raise InputError(f"{error}{line_of(text, str(error))}") from None
    return spec


def spec_from_table(table: Mapping[str, Any]) -> StudySpec:
    """Read back what `StudySpec.to_table` gave."""
    return _resolve(table, {})


def _resolve(table: Mapping[str, Any], overrides: Mapping[str, Mapping[str, Any]]) -> StudySpec:
    check_keys("spec", table, ["study", "data", "space", "first"])
    given = {name: dict(_mapping(name, table.get(name, {}))) for name in ("study", "data", "space")}
    for name, values in overrides.items():
        given[name] |= {key: value for key, value in values.items() if value is not None}
    chosen = preset(given["space"].pop("preset")) if "preset" in given["space"] else None
    asked = {"tuner": default_tuner()} | (dict(chosen.study) if chosen else {}) | given["study"]
    study = _parse(StudyTable, "study", asked)
    if "pruner" not in given["study"] and unpruned(study):
        study = study.model_copy(update={"pruner": "none"})
    data = _parse(DataTable, "data", (dict(chosen.data) if chosen else {}) | given["data"])
    space = _space(chosen, parameters(given["space"]))
    check(study, data, space)
    if not study.name:
        name = f"{_called(data)}-{chosen.name if chosen else 'study'}"
        study = study.model_copy(update={"name": name})
    return StudySpec(study, data, space, _first(table.get("first"), chosen, study, space))


def _space(chosen: Preset | None, own: Mapping[str, Parameter]) -> SearchSpace:
    if not chosen and not own:
        raise InputError(
            "space: must name a preset or at least one parameter, got neither; "
            "for instance, --preset towers."
        )
    return for_model(chosen.space.replace(**own) if chosen else SearchSpace(**own))


def _parse(kind: Any, name: str, values: Mapping[str, Any]) -> Any:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise InputError(sentence(name, kind, error)) from None


def _called(data: DataTable) -> str:
    """A source's name, or its file's, without what a study's name cannot have."""
    if data.features:
        return Path(data.source).name.partition(".")[0]
    return data.source.replace("/", "-")


def _first(
    given: Any, chosen: Preset | None, study: StudyTable, space: SearchSpace
) -> tuple[Mapping[str, Any], ...]:
    """What to begin with: the file's configurations, the preset's that fit, or the defaults.

    A grid begins with its first point.
    """
    if given is None:
        fitting = (fit(space, config) for config in (chosen.first if chosen else ()))
        fitted = [config for config in fitting if config]
        is_grid = study.tuner.endswith(".grid")
        return tuple(fitted) if fitted or is_grid else (defaults(space),)
    if not isinstance(given, list):
        raise InputError(f"first: must be tables headed [[first]], got {given!r}.")
    return tuple(_begun(space, _mapping("first", config)) for config in given)


def _begun(space: SearchSpace, given: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration to begin with; what the space fixes need not be said again."""
    config = {name: value for name, value in complete(space, given).items() if value is not None}
    if reason := space.why_not(config | dict(given)):
        raise InputError(f"first: must be a configuration of the space: {reason}")
    return config


def _distinct(configs: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return tuple(config for n, config in enumerate(configs) if config not in configs[:n])


def _mapping(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InputError(f"{name}: must be a table, got {value!r}.")
    return value
