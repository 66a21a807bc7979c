"""What a study takes over from another: its best configurations, and trials to learn from."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from search.goals import excesses
from search.records import StudyRecord, TrialRecord
from search.tuners import fit
from spaces import InputError, SearchSpace, TowerConfig
from spaces.optuna import distributions

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

    from search.spec import StudySpec

__all__ = ["best_configurations", "drawn_apart", "history", "remembered"]

_BEST = 3


def best_configurations(record: StudyRecord) -> list[Mapping[str, Any]]:
    """The three best of a study with one objective, or its whole front.

    An `InputError` where the study confirms another: its trials were measured on the test part.
    """
    if record.confirmation:
        of = record.confirmation["of"]
        raise InputError(
            f"warm_start: must be a search, got the confirmation {record.name!r}, whose trials "
            f"were measured on the test part; name the search {of!r}."
        )
    if len(record.objectives) > 1:
        return [trial.config for trial in record.front]
    return [trial.config for trial in record.ranked[:_BEST]]


def history(record: StudyRecord, spec: StudySpec, fingerprint: str) -> list[dict[str, Any]]:
    """The completed trials that could be trials of the new study, as plain data.

    They are on the same data, for the same objectives, and of a configuration that the new space
    holds. All else would teach the tuner what is not so. They are judged by the new study's
    constraints.
    """
    same = record.data.get("fingerprint") == fingerprint
    if not same or list(record.objectives) != spec.study.objective:
        return []
    complete = [trial for trial in record.trials if trial.state == "complete"]
    return [
        {"params": params, "values": list(trial.values), "constraints": _excesses(trial, spec)}
        for trial in complete
        if trial.number not in record.continued and (params := _shared(spec.space, trial))
    ]


def remembered(stored: Sequence[Mapping[str, Any]], space: SearchSpace) -> list[FrozenTrial]:
    """What `history` gave as finished trials, numbered below zero."""
    from optuna.trial import create_trial

    known = distributions(space)
    trials = [
        create_trial(**fields, distributions={name: known[name] for name in fields["params"]})
        for fields in stored
    ]
    for number, trial in enumerate(trials, start=-len(trials)):
        trial.number = number
    return trials


def drawn_apart(spec: StudySpec) -> StudySpec:
    """The spec with a seed of the study's own, lest it draw what it has learnt from once more."""
    seed = zlib.crc32(f"{spec.study.seed}/{spec.study.name}".encode())
    return replace(spec, study=spec.study.model_copy(update={"seed": seed}))


def _excesses(trial: TrialRecord, spec: StudySpec) -> dict[str, float]:
    fields = {"value": trial.value, "metrics": trial.metrics, "cost": trial.cost}
    return excesses(spec.constraints, fields)


def _shared(space: SearchSpace, trial: TrialRecord) -> dict[str, Any] | None:
    """The space's parameters of a trial, where they make up the trial's whole configuration."""
    params = fit(space, trial.config)
    return params if params and TowerConfig(**params).as_dict() == trial.config else None
