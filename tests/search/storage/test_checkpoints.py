"""Checkpoints come back bit for bit, or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.storage import checkpoints

ARRAYS: dict[str, Any] = {
    "weight_0": np.arange(12, dtype=np.float32).reshape(3, 4),
    "weight_1": np.array([np.nan, -0.0, 1e-45], np.float32),
    "slot_0": np.array(2**40, np.int64),
}
NOTES = {"epoch": 3, "curve": [{"epoch": 1, "loss": 0.1}], "name": "ধারা"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trial" / "7.npz"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a sound checkpoint."""
    path = tmp_path_factory.mktemp("sound") / "0.npz"
    checkpoints.save(path, ARRAYS, NOTES)
    return path.read_bytes()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch") / "0.npz"


def same(found: Any) -> bool:
    """Whether the arrays and notes are those that were saved, bit for bit."""
    arrays, notes = found
    return (
        notes == NOTES
        and arrays.keys() == ARRAYS.keys()
        and all(arrays[name].tobytes() == ARRAYS[name].tobytes() for name in ARRAYS)
        and all(arrays[name].dtype == ARRAYS[name].dtype for name in ARRAYS)
        and all(arrays[name].shape == ARRAYS[name].shape for name in ARRAYS)
    )


def test_arrays_and_notes_come_back_as_they_were(path: Path) -> None:
    checkpoints.save(path, ARRAYS, NOTES)
    assert same(checkpoints.load(path))


def test_a_missing_file_is_none(path: Path) -> None:
    assert checkpoints.load(path) is None


def test_a_later_checkpoint_takes_the_place_of_the_earlier_and_leaves_nothing_beside_it(
    path: Path,
) -> None:
    checkpoints.save(path, {"weight_0": np.zeros(2)}, {"epoch": 2})
    checkpoints.save(path, ARRAYS, NOTES)
    assert same(checkpoints.load(path))
    assert list(path.parent.iterdir()) == [path]


def test_a_kill_before_the_renaming_leaves_the_old_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    checkpoints.save(path, ARRAYS, NOTES)
    with monkeypatch.context() as context:
        context.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            checkpoints.save(path, {}, {"epoch": 4})
    assert same(checkpoints.load(path))
    checkpoints.save(path, {}, {"epoch": 4})
    assert checkpoints.load(path) == ({}, {"epoch": 4})


def test_the_bytes_are_on_the_disk_before_the_name_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda _: calls.append("fsync"))
    monkeypatch.setattr(os, "replace", lambda *_: calls.append("replace"))
    checkpoints.save(path, ARRAYS, NOTES)
    assert calls == ["fsync", "replace"]


@settings(max_examples=60, deadline=None)
@given(share=st.floats(0.0, 1.0, exclude_max=True))
def test_a_torn_file_is_noticed(written: bytes, scratch: Path, share: float) -> None:
    scratch.write_bytes(written[: int(share * len(written))])
    assert checkpoints.load(scratch) is None


@settings(max_examples=60, deadline=None)
@given(share=st.floats(0.0, 0.95))
def test_a_file_whose_end_is_zeros_is_noticed(written: bytes, scratch: Path, share: float) -> None:
    kept = written[: int(share * len(written))]
    scratch.write_bytes(kept.ljust(len(written), b"\0"))
    assert checkpoints.load(scratch) is None


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\3\4", b"\x93NUMPY\1\0", b"\x80\4"]))
def test_bytes_of_something_else_are_noticed(scratch: Path, content: bytes, magic: bytes) -> None:
    scratch.write_bytes(magic + content)
    assert checkpoints.load(scratch) is None


@settings(max_examples=100, deadline=None)
@given(share=st.floats(0.0, 1.0, exclude_max=True), change=st.integers(1, 255))
def test_a_changed_byte_is_noticed(
    written: bytes, scratch: Path, share: float, change: int
) -> None:
    damaged = bytearray(written)
    damaged[int(share * len(written))] ^= change
    scratch.write_bytes(damaged)
    assert checkpoints.load(scratch) is None


def test_an_array_file_of_another_kind_is_no_checkpoint(path: Path) -> None:
    path.parent.mkdir()
    with open(path, "wb") as file:
        np.savez(file, weight_0=np.arange(3), notes=np.frombuffer(b"{}", np.uint8))
    assert checkpoints.load(path) is None


def test_objects_are_never_pickled(path: Path) -> None:
    with pytest.raises(ValueError, match="allow_pickle=False"):
        checkpoints.save(path, {"weight_0": np.array([object()])}, {})
    assert checkpoints.load(path) is None
