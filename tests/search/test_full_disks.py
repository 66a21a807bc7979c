"""A disk that fills: the work stops with one sentence, and goes on when there is room again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from search.run import begin, work
from search.spec import StudySpec
from search.storage import Place, checkpoints
from search.storage.outages import StorageError
from search.study import Study
from tests.conftest import Towersearch
from tests.search.studies import ENDED, FACTS
from tests.search.test_run import Told


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root can mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _work_through(study: Study) -> None:
    while claim := study.claim():
        study.finish(claim, {"state": "complete"} | ENDED)


def _fill(disk: Path) -> None:
    """Leave no room."""
    with (disk / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\1" * 4096)
        except OSError:
            return


@pytest.mark.parametrize("scheme", ["sqlite:///", "journal:"])
def test_a_full_disk_is_one_sentence_and_what_was_stored_stays(
    scheme: str, disk: Path, small: Callable[..., StudySpec]
) -> None:
    study = Study.create(Place(f"{scheme}{disk}/studies"), small(trials=200), FACTS)
    first = study.claim()
    assert first is not None
    study.finish(first, {"state": "complete"} | ENDED)
    _fill(disk)
    sentence = (
        r"storage: '.*studies' cannot be used: .*(full|No space left).*; when that is mended, "
    )
    with pytest.raises(StorageError, match=sentence):
        _work_through(study)
    (disk / "filler").unlink()
    again = Study(study.place, "small")
    before = again.record()
    assert before.trials[0].value == 0.5
    assert before.ended >= len(before.trials) - 1
    following = again.claim()
    assert following is not None
    assert again.finish(following, {"state": "complete"} | ENDED)


def test_a_checkpoint_that_does_not_fit_leaves_the_earlier_one(disk: Path) -> None:
    path = disk / "1.checkpoint"
    checkpoints.save(path, {"weight_0": np.zeros(1000)}, {"epoch": 1})
    with pytest.raises(StorageError, match=r"artifacts: '.*1.checkpoint' cannot be written: No s"):
        checkpoints.save(path, {"weight_0": np.zeros(10**6)}, {"epoch": 2})
    found = checkpoints.load(path)
    assert found is not None
    assert found[1] == {"epoch": 1}
    assert list(disk.iterdir()) == [path]


def test_a_search_stops_with_status_3_where_the_disk_is_full_and_goes_on_from_there(
    disk: Path,
    towersearch: Towersearch,
    small: Callable[..., StudySpec],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    straight = begin(
        small(name="straight", trials=1), Place("sqlite:///straight.db"), threads=1, command=""
    )
    work(straight, Told(), lambda: False)
    begin(small(trials=1), Place(f"sqlite:///{disk}/t.db"), threads=1, command="")
    options = ["small", "--storage", f"sqlite:///{disk}/t.db"]
    _fill(disk)
    status, _, err = towersearch("resume", *options)
    assert status == 3
    assert err.startswith(("storage: ", "artifacts: "))
    assert len(err.splitlines()) == 1
    (disk / "filler").unlink()
    assert towersearch("resume", *options)[0] == 0
    found = Study(Place(options[2]), "small").record()
    assert [t.curve for t in found.trials] == [t.curve for t in straight.record().trials]
