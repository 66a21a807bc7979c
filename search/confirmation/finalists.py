"""Which configurations of a study are trained anew for the test part, and the study of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from shlex import quote
from typing import Any

from search.records import StudyRecord, TrialRecord
from search.spec import StudySpec, StudyTable
from search.training.measures import GAINS
from spaces import Choice, InputError, SearchSpace, TowerConfig, for_model, preset
from spaces.model import AXES, TOWERS

__all__ = ["Finalist", "confirming", "finalists"]


@dataclass(frozen=True)
class Finalist:
    """A configuration to train anew: what it is called, why it is here, what was promised of it.

    `roles` are of "best" (of the whole search), "top" (of its best few), "depth" (the best of its
    depth) and "tutorial". `promised` is the value on the validation part, None for the tutorial's.
    `depth` is of both towers, as "2" or "2 and 3". `config` ends with the chosen epoch.
    """

    label: str
    depth: str
    config: Mapping[str, Any]
    roles: tuple[str, ...] = ()
    trial: int | None = None
    promised: float | None = None


def finalists(record: StudyRecord, top: int, tutorial: bool) -> list[Finalist]:
    """The best `top` candidates, the best of each depth, and the tutorial's three models.

    The best comes first; of trials with one configuration, the better one stands for both. An
    `InputError` where no trial has completed.
    """
    ranked = _ranked(record)
    if not ranked:
        raise InputError(
            f"study: {record.name!r} has no trial to confirm that completed and kept the "
            f"constraints; go on with `towersearch resume {quote(record.name)}`."
        )
    depths: set[str] = set()
    found = []
    for place, finalist in enumerate(ranked):
        roles = ("best",) * (place == 0) + ("top",) * (place < top)
        roles += ("depth",) * (finalist.depth not in depths)
        depths.add(finalist.depth)
        if roles:
            found.append(replace(finalist, roles=roles))
    return _of_one_shape([*found, *(_tutorial() if tutorial else ())])


def confirming(spec: StudySpec, found: Sequence[Finalist], seeds: int, name: str = "") -> StudySpec:
    """The study that trains `found` with `seeds` seeds each and measures them on the test part.

    An `InputError` where the objective is no mean over queries, which intervals are made of.
    """
    metric = spec.study.objective[0]
    if metric not in GAINS:
        raise InputError(
            f"objective: must be a mean over queries to be confirmed, one of {', '.join(GAINS)}, "
            f"got {metric!r}."
        )
    configs = [finalist.config for finalist in found]
    study = StudyTable(
        name=name or f"{spec.study.name}.confirm",
        objective=[metric],
        tuner="finalists",
        pruner="none",
        trials=len(configs) * seeds,
        seed=spec.study.seed,
        value_at="first",
        retries=spec.study.retries,
        failures_in_a_row=spec.study.failures_in_a_row,
        confirms=spec.study.name,
    )
    return StudySpec(study, spec.data, _space(configs), tuple(configs))


def _ranked(record: StudyRecord) -> list[Finalist]:
    """The trials that may be best, best first, one for each configuration."""
    found: dict[TowerConfig, Finalist] = {}
    for trial in record.ranked:
        found.setdefault(TowerConfig(**trial.config), _finalist(trial))
    return list(found.values())


def _finalist(trial: TrialRecord) -> Finalist:
    config = _until(TowerConfig(**trial.config), trial.best_epoch or 1)
    return Finalist(
        label=f"trial {trial.number}",
        depth=_depth(config),
        config=config.as_dict(),
        trial=trial.number,
        promised=trial.value,
    )


def _tutorial() -> Iterator[Finalist]:
    for values in preset("tutorial").space.grid():
        config = TowerConfig(**values)
        sizes, config = config.layer_sizes("query"), _until(config, config.epochs)
        yield Finalist(f"tutorial {sizes}", _depth(config), config.as_dict(), ("tutorial",))


def _until(config: TowerConfig, epoch: int) -> TowerConfig:
    """The configuration measured once, after `epoch`; its schedules keep their length."""
    return TowerConfig(**{**config.as_dict(), "validate_every": epoch, "patience": 0})


def _depth(config: TowerConfig) -> str:
    depths = dict.fromkeys(str(len(config.layer_sizes(tower))) for tower in TOWERS)
    return " and ".join(depths)


def _of_one_shape(found: list[Finalist]) -> list[Finalist]:
    """The same, where one splits an axis between the towers, with that axis split in all."""
    split = {axis for f in found for axis in AXES if f"{TOWERS[0]}_{axis}" in f.config}
    if not split:
        return found
    return [replace(f, config=TowerConfig(**_split(f.config, split)).as_dict()) for f in found]


def _split(config: Mapping[str, Any], axes: set[str]) -> dict[str, Any]:
    values = dict(config)
    for axis in axes & values.keys():
        value = values.pop(axis)
        values |= {f"{tower}_{axis}": value for tower in TOWERS}
    return values


def _space(configs: Sequence[Mapping[str, Any]]) -> SearchSpace:
    """The smallest space that holds all the configurations."""
    values: dict[str, dict[Any, None]] = {}
    for config in configs:
        for name, value in config.items():
            values.setdefault(name, {})[value] = None
    return for_model(SearchSpace(**{name: Choice(list(seen)) for name, seen in values.items()}))
