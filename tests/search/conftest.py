"""Studies and trials that tests begin with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from search import trial
from search.spec import StudySpec
from search.storage import Place
from search.study import Study
from search.task import Goal, Task
from tests.search.examples import DATA, config
from tests.search.scripted import MRR, Script, Scripted
from tests.search.studies import FACTS


@pytest.fixture
def study(small: Callable[..., StudySpec], place: Place) -> Study:
    return Study.create(place, small(), FACTS)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    """Have trials follow a script, a rank or an error an epoch; gives the trainers they make."""

    def follow(*steps: int | Exception) -> list[Scripted]:
        made: list[Scripted] = []

        def trainer(*_: Any) -> Scripted:
            made.append(Scripted(steps))
            return made[-1]

        monkeypatch.setattr(trial, "Trainer", trainer)
        return made

    return follow


@pytest.fixture
def task(tmp_path: Path) -> Callable[..., Task]:
    def make(goal: Goal = MRR, **given: Any) -> Task:
        return Task(DATA, config(**given), seed=3, goal=goal, checkpoint=tmp_path / "0.npz")

    return make


@pytest.fixture
def spec_file(tmp_path: Path, small: Callable[..., StudySpec]) -> str:
    """The file of a study of two trials."""
    (tmp_path / "small.toml").write_text(small(trials=2).to_toml())
    return "small.toml"
