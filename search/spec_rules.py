"""What the tables of a spec must agree on; each breach is an `InputError` of one sentence."""

from __future__ import annotations

from search.data.files import Files
from search.goals import COSTS, DIRECTIONS, constraint
from search.spec import DataTable, StudyTable
from search.tuners import PRUNERS, TUNERS, check_number_of_objectives, check_options
from spaces import InputError, SearchSpace

__all__ = ["check", "unpruned"]


def unpruned(study: StudyTable) -> str | None:
    """What lets the study have no pruner, if anything does."""
    if study.tuner == "keras_tuner.hyperband":
        return "keras_tuner.hyperband, which stops trials itself"
    if len(study.objective) > 1:
        return "several objectives, as a trial that is worse by one may be better by another"
    return None


def check(study: StudyTable, data: DataTable, space: SearchSpace) -> None:
    """Refuse a study that its tables do not allow."""
    for name, value, known in (
        ("tuner", study.tuner, ["finalists"] if study.confirms else TUNERS),
        ("pruner", study.pruner, PRUNERS),
        *(("objective", objective, DIRECTIONS) for objective in study.objective),
    ):
        if value not in known:
            raise InputError(f"{name}: must be one of {', '.join(known)}, got {value!r}.")
    check_options(study.tuner, study.tuner_options)
    if study.name.startswith("-") or not study.name.isprintable():
        raise InputError(f"name: must be printable and not begin with a dash, got {study.name!r}.")
    _check_goals(study)
    if study.pruner != "none" and (reason := unpruned(study)):
        raise InputError(f"pruner: must be none with {reason}, got {study.pruner!r}.")
    if study.allocate_by and study.allocate_by not in space:
        raise InputError(
            f"allocate_by: must be a parameter of the space, got {study.allocate_by!r}."
        )
    if study.tuner == "optuna.grid":
        space.count()
    _check_files(data)


def _check_goals(study: StudyTable) -> None:
    objectives = study.objective
    if not objectives or len(set(objectives)) < len(objectives):
        raise InputError(f"objective: must be one name or several that differ, got {objectives}.")
    if objectives[0] in COSTS:
        raise InputError(
            "objective: the first must be a measure, which every epoch has, "
            f"got {objectives[0]!r}; put one before it."
        )
    check_number_of_objectives(study.tuner, len(objectives))
    for name, text in study.constraints.items():
        constraint(name, text)


def _check_files(data: DataTable) -> None:
    """Whether the table says all that reading the user's own files needs, or nothing of files."""
    if isinstance(data.origin, Files):
        return
    for key in ("candidates", "queries", "candidate", "user", "time", "weight", "licence"):
        if getattr(data, key):
            raise InputError(
                f"data.{key}: is for files with a [data.features] table, got none; "
                f"`towersearch data {data.source}` proposes one."
            )
