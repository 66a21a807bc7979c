"""Storage that was truncated, zeroed or written over is named, or reads as it was."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from search.records import ENDED as ENDS
from search.records import StudyRecord
from search.storage import Place
from search.storage.outages import StorageError
from search.study import Study
from spaces import InputError
from tests.conftest import SPACE
from tests.search.studies import ENDED, FACTS

_SHARES = (0.0, 0.1, 0.35, 0.6, 0.85, 0.99)


def _truncated(content: bytes, share: float) -> bytes:
    return content[: int(share * len(content))]


def _zeroed(content: bytes, share: float) -> bytes:
    start = int(share * len(content))
    return content[:start] + bytes(min(4096, len(content) - start)) + content[start + 4096 :]


def _overwritten(content: bytes, share: float) -> bytes:
    start = int(share * len(content))
    noise = random.Random(share).randbytes(min(4096, len(content) - start))
    return content[:start] + noise + content[start + 4096 :]


@pytest.fixture(scope="module", params=["sqlite:///", "journal:"])
def written(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Place, StudyRecord]:
    """A study of three trials that ended, and its record."""
    from search.resolve import resolve

    place = Place(f"{request.param}{tmp_path_factory.mktemp('written')}/studies")
    table = {"study": {"name": "small", "trials": 3, "pruner": "none"}, "space": SPACE}
    study = Study.create(place, resolve(table), FACTS)
    while claim := study.claim():
        study.finish(claim, {"state": "complete"} | ENDED)
    if place.url.startswith("sqlite"):
        study._storage._backend.engine.dispose()  # type: ignore[attr-defined]
    return place, study.record()


@pytest.mark.parametrize("damage", [_truncated, _zeroed, _overwritten])
@pytest.mark.parametrize("share", _SHARES)
@pytest.mark.parametrize("write", [True, False])
def test_damage_is_named_or_does_no_harm(
    written: tuple[Place, StudyRecord],
    damage: Callable[[bytes, float], bytes],
    share: float,
    write: bool,
    tmp_path: Path,
) -> None:
    place, record = written
    path = Path(place.url.rpartition(":")[2].removeprefix("//"))
    (tmp_path / "studies").write_bytes(damage(path.read_bytes(), share))
    found = _read(Place(place.url.replace(str(path.parent), str(tmp_path))), write)
    if isinstance(found, str):
        assert found.startswith(("storage: ", "study: "))
        assert len(found.splitlines()) == 1
    else:  # a journal that was cut is the study as it was earlier
        assert found.spec == record.spec
        assert all(trial in record.trials for trial in found.trials if trial.state in ENDS)


def _read(place: Place, write: bool) -> StudyRecord | str:
    """The study's record, or the sentence that says why there is none."""
    try:
        return Study(place, "small", write=write).record()
    except (InputError, StorageError) as error:
        return str(error)
