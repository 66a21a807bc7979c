"""Studies that earlier versions wrote, kept as SQL."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from search.storage import Place
from search.study import Study

_OLD = Path(__file__).parent / "old"


@pytest.fixture(params=sorted(_OLD.glob("*.sql")), ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    with closing(sqlite3.connect(tmp_path / "old.db")) as connection:
        connection.executescript(request.param.read_text())
    return Place(f"sqlite:///{tmp_path}/old.db")


def test_an_old_study_is_read(old: Place) -> None:
    record = Study(old, "old", write=False).record()
    assert [trial.state for trial in record.trials] == ["complete", "waiting"]
    best = record.best
    assert best is not None
    assert (best.number, best.value, best.best_epoch) == (0, 0.5, 2)
    assert best.curve == [
        {"epoch": 1, "top_5_accuracy": 0.25},
        {"epoch": 2, "top_5_accuracy": 0.5},
    ]


def test_an_old_study_goes_on_to_its_end(old: Place) -> None:
    study = Study(old, "old")
    numbers = []
    while claim := study.claim():
        numbers.append(claim.number)
        assert claim.config.output_dim == 4
        study.finish(claim, {"state": "failed", "error": "no"})
    assert numbers == [1, 2]
    assert study.record().ended == study.budget == 3
