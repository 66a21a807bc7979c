from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from optuna.exceptions import StorageInternalError
from sqlalchemy.exc import OperationalError

from search.storage import Place, patience
from search.storage.outages import StorageError
from search.study import Study
from spaces import InputError


@pytest.fixture
def away(study: Study, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[int]]:
    """Have the storage fail so often; gives the list of attempts."""

    def fails(times: int) -> list[int]:
        attempts = list[int]()
        read = study._storage.get_all_trials

        def get_all_trials(*args: Any, **kwargs: Any) -> Any:
            attempts.append(len(attempts))
            if len(attempts) <= times:
                raise StorageInternalError("An exception is raised. ") from OperationalError(
                    "SELECT", {}, Exception("server closed the connection\nunexpectedly.")
                )
            return read(*args, **kwargs)

        monkeypatch.setattr(study._storage, "get_all_trials", get_all_trials)
        monkeypatch.setattr(time, "sleep", lambda seconds: None)
        return attempts

    return fails


def test_a_server_that_comes_back_is_waited_for(
    study: Study, away: Callable[[int], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Place, "on_server", True)
    attempts = away(3)
    claim = study.claim()
    assert claim is not None
    assert claim.number == 0
    assert len(attempts) > 3


def test_a_server_that_stays_away_is_one_sentence(
    study: Study, away: Callable[[int], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Place, "on_server", True)
    monkeypatch.setattr(patience, "_PATIENCE_SECONDS", 0.05)
    away(10**9)
    with pytest.raises(StorageError) as caught:
        study.record()
    assert str(caught.value) == (
        f"storage: {study.place.url!r} has not answered for 0 seconds: server closed the "
        "connection; when it is back, `towersearch resume small` goes on where it stopped."
    )


def test_a_file_that_fails_is_one_sentence_at_once(
    study: Study, away: Callable[[int], list[int]]
) -> None:
    attempts = away(1)
    with pytest.raises(StorageError) as caught:
        study.claim()
    assert len(attempts) == 1
    assert str(caught.value) == (
        f"storage: {study.place.url!r} cannot be used: server closed the connection; "
        "when that is mended, `towersearch resume small` goes on where it stopped."
    )


def test_records_that_are_damaged_are_one_sentence(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(*args: Any, **kwargs: Any) -> Any:
        raise KeyError("trial_id")

    monkeypatch.setattr(study._storage, "get_all_trials", torn)
    with pytest.raises(InputError) as caught:
        study.record()
    assert str(caught.value) == (
        f"storage: the records of study 'small' in {study.place.shown!r} are damaged (KeyError: "
        "'trial_id'); bring back a copy of them."
    )
