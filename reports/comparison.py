"""Several studies side by side in one HTML file: best so far, final values, what differs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reports.figures import comparison
from reports.files import put
from reports.html import page
from reports.summarize import summarize
from reports.wording import number
from search.records import StudyRecord
from spaces.errors import InputError

__all__ = ["compare", "settings", "warnings"]

_OWN = ("study.name", "study.trials")


def compare(studies: Sequence[StudyRecord], path: str | os.PathLike[str]) -> None:
    """Write the comparison of two studies or more to `path`, as `reports.write` does.

    Raises InputError for fewer, for studies of different objectives, or where `path` is no place.
    """
    _check(studies)
    summaries = [summarize(study) for study in studies]
    charts = [comparison.best_so_far(summaries), comparison.final_values(summaries)]
    named = [study.name for study in studies]
    put(
        page(
            "comparison.html",
            charts,
            {"summary": {"columns": {}}},
            names=named,
            charts=charts,
            warnings=warnings(studies),
            settings=settings(studies),
        ),
        path,
    )


def warnings(studies: Sequence[StudyRecord]) -> list[str]:
    """Why the values of these studies may not be comparable, a sentence each."""
    prints = {study.data.get("fingerprint") for study in studies}
    splits = {str(study.spec.get("data", {}).get("split")) for study in studies}
    told = []
    if len(prints) > 1:
        told.append("The studies ran on different data, so their values cannot be compared.")
    if len(splits) > 1:
        told.append("The studies split their data differently, so their values cannot be compared.")
    return told


def settings(studies: Sequence[StudyRecord]) -> dict[str, list[tuple[str, list[str]]]]:
    """Those that "differ" and those that are the "same": a name, then each study's value."""
    flat = [dict(_flat(study.spec)) for study in studies]
    names = dict.fromkeys(name for each in flat for name in each if name not in _OWN)
    found: dict[str, list[tuple[str, list[str]]]] = {"differ": [], "same": []}
    for name in names:
        values = [number(each.get(name)) for each in flat]
        found["differ" if len({*values}) > 1 else "same"].append((name, values))
    return found


def _check(studies: Sequence[StudyRecord]) -> None:
    if len(studies) < 2:
        raise InputError(f"studies: a comparison needs at least 2, got {len(studies)}.")
    goals = [f"{s.objectives[0]} ({s.directions[0]}) in {s.name!r}" for s in studies]
    if len({(s.objectives[0], s.directions[0]) for s in studies}) > 1:
        raise InputError(
            f"objective: must be the same in all studies compared, got {', '.join(goals)}; "
            "compare those that share one."
        )


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value) if isinstance(value, list | tuple) else value
