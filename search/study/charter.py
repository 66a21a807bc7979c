"""What a study's storage says of it as a whole: its charter, its total of trials, its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from optuna.storages import BaseStorage
from optuna.study import StudyDirection

from search.records import finite, pieces
from search.spec import StudySpec
from spaces import InputError

__all__ = [
    "BUDGET",
    "EXHAUSTED",
    "SCHEMA",
    "all_names",
    "charter",
    "names",
    "taken",
    "write_charter",
]

BUDGET, EXHAUSTED, SCHEMA = "budget", "exhausted", 1
_CHARTER = "towersearch"


def write_charter(
    storage: BaseStorage,
    spec: StudySpec,
    facts: Mapping[str, Any],
    history: Sequence[Mapping[str, Any]],
) -> None:
    """Put a study into storage, or what is missing of one whose creation was cut short.

    It is there, for this toolkit, once its charter is, which comes last.
    """
    name = spec.study.name
    if name not in all_names(storage):
        storage.create_new_study([StudyDirection[d.upper()] for d in spec.directions], name)
    study = storage.get_study_id_from_name(name)
    total = min(spec.study.trials, spec.limit or spec.study.trials)
    storage.set_study_user_attr(study, BUDGET, total)
    long = {"history": history, "confirmation": facts.get("confirmation")}
    keys = {name: f"{name}-{uuid4().hex}" for name in long}  # none of a creation that was cut short
    for name, value in long.items():
        for attribute, piece in pieces(keys[name], value).items() if value else ():
            storage.set_study_user_attr(study, attribute, piece)
    contents = {"schema": SCHEMA, "spec": spec.to_table(), **facts, **keys}
    storage.set_study_user_attr(study, _CHARTER, finite(contents))


def charter(storage: BaseStorage, name: str) -> dict[str, Any]:
    """A study's charter: `schema`, `spec`, `data`, `baselines` and `provenance`."""
    if name not in all_names(storage):
        known = ", ".join(names(storage)) or "none yet"
        raise InputError(f"study: no study is called {name!r}; the storage has {known}.")
    found = storage.get_study_user_attrs(storage.get_study_id_from_name(name)).get(_CHARTER)
    if found is None:
        raise InputError(f"study: {name!r} was not created by towersearch; name another one.")
    if found["schema"] > SCHEMA:
        raise InputError(
            f"study: {name!r} has records of schema {found['schema']}, and this version reads up "
            f"to {SCHEMA}; use the version that wrote it."
        )
    return dict(found)


def names(storage: BaseStorage) -> list[str]:
    """The names of the storage's studies that this toolkit created, in their order."""
    return [study.study_name for study in storage.get_all_studies() if _CHARTER in study.user_attrs]


def all_names(storage: BaseStorage) -> list[str]:
    """The names of all studies, also of other programs and of those that were cut short."""
    return [study.study_name for study in storage.get_all_studies()]


def taken(name: str) -> str:
    """The sentence for a name that is there already."""
    return (
        f"name: a study called {name!r} exists; go on with it by `towersearch resume {name}`, "
        "or give another --name."
    )
