"""A study's file that trains one configuration once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomli_w

from search.records import StudyRecord, TrialRecord

__all__ = ["again", "around"]

_KEPT = ("objective", "value_at")


def again(study: StudyRecord, trial: TrialRecord) -> str:
    """TOML for `towersearch run`: the study's data and goal, and the trial's exact configuration.

    `templates/again.js` writes the same of any trial, in five digits.
    """
    tables = around(study)
    config = {name: value for name, value in trial.config.items() if value is not None}
    named = {"name": f"{study.name[:180]}-trial-{trial.number}", **tables["study"]}
    return tomli_w.dumps({**tables, "study": named, "space": config or dict(trial.params)})


def around(study: StudyRecord) -> dict[str, dict[str, Any]]:
    """The tables around the space: one trial, unpruned, on the study's data."""
    asked: Mapping[str, Any] = study.spec.get("study", {})
    kept = {name: asked[name] for name in _KEPT if name in asked}
    return {
        "study": {**kept, "pruner": "none", "trials": 1},
        "data": dict(study.spec.get("data", {})),
    }
