"""Begins the confirmation of a study, or goes on with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from shlex import quote
from typing import Any

import numpy as np

from search.baselines.fold import Standing
from search.confirmation.finalists import Finalist, confirming, finalists
from search.data.encoded import EncodedData
from search.records import StudyRecord
from search.run import begin
from search.spec import StudySpec
from search.storage import Place
from search.study import Study
from search.study.charter import names
from search.training.measures import by_user
from spaces import InputError

__all__ = ["Selection", "confirm", "confirmations"]


@dataclass(frozen=True)
class Selection:
    """What is trained anew: the best `top` trials, the tutorial's models too, on so many seeds."""

    top: int = 5
    seeds: int = 5
    tutorial: bool = True


def confirm(
    study: Study,
    selection: Selection,
    name: str = "",
    *,
    threads: int,
    command: str,
    data_dir: Path | None = None,
) -> Study:
    """The study that confirms `study`, called `name` or NAME.confirm, ready to run.

    Where it is there already it goes on, with more seeds if more are asked for. An `InputError`
    where it has other finalists, and where `study` is itself a confirmation.
    """
    if study.spec.study.confirms:
        raise InputError(
            f"study: must be one that searched, got {study.name!r}, a confirmation of "
            f"{study.spec.study.confirms!r}; confirm that one."
        )
    found = finalists(study.record(), selection.top, selection.tutorial)
    spec = confirming(study.spec, found, selection.seeds, name)
    if spec.study.name in names(study.place.open()):
        return _gone_on_with(Study(study.place, spec.study.name), spec)
    return begin(
        spec,
        study.place,
        threads=threads,
        command=command,
        data_dir=data_dir,
        beside=lambda data, lines: {"confirmation": _by_user(spec, found, data, lines)},
    )


def confirmations(place: Place, of: str) -> list[StudyRecord]:
    """The records of all studies in the storage that confirm the study `of`."""
    studies = (Study(place, name, write=False) for name in names(place.open(write=False)))
    return [study.record() for study in studies if study.spec.study.confirms == of]


def _gone_on_with(study: Study, wanted: StudySpec) -> Study:
    if study.spec.study.confirms != wanted.study.confirms or study.spec.first != wanted.first:
        raise InputError(
            f"study: {study.name!r} is there and does not train these finalists; go on with it by "
            f"`towersearch resume {quote(study.name)}`, or give another --name."
        )
    if wanted.study.trials > study.budget:
        study.raise_budget(wanted.study.trials)
    return study


def _by_user(
    spec: StudySpec,
    found: Sequence[Finalist],
    data: EncodedData,
    lines: Mapping[str, Standing],
) -> dict[str, Any]:
    """What is kept of a confirmation beside its trials, to compare by user."""
    users, metric = data.users[data.parts["test"]], spec.study.objective[0]
    return {
        "of": spec.study.confirms,
        "finalists": [asdict(finalist) for finalist in found],
        "counts": np.unique(users, return_counts=True)[1].tolist(),
        "baselines": {name: by_user(metric, line.ranks, users) for name, line in lines.items()},
    }
