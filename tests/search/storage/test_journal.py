from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optuna.study import StudyDirection

from search.storage.journal import open_journal
from spaces import InputError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "studies.log"


def _names(path: Path) -> list[str]:
    return [study.study_name for study in open_journal(path).get_all_studies()]


def _create(path: Path, name: str) -> None:
    open_journal(path).create_new_study([StudyDirection.MINIMIZE], name)


def test_what_was_appended_is_read_back(path: Path) -> None:
    _create(path, "a")
    _create(path, "খ")
    assert _names(path) == ["a", "খ"]


@settings(max_examples=40, deadline=None)
@given(cut=st.integers(1, 60), rest=st.sampled_from([b"", b"\0" * 100, b'{"op_code":']))
def test_a_torn_last_line_is_as_if_it_had_not_been_begun(
    tmp_path_factory: pytest.TempPathFactory, cut: int, rest: bytes
) -> None:
    path = tmp_path_factory.mktemp("torn") / "studies.log"
    _create(path, "a")
    whole = path.read_bytes()
    _create(path, "b")
    path.write_bytes(path.read_bytes()[:-cut] + rest)
    assert _names(path) == ["a"]
    _create(path, "c")
    assert _names(path) == ["a", "c"]
    assert path.read_bytes().startswith(whole)


def test_a_line_longer_than_a_block_that_was_torn_is_cut_whole(path: Path) -> None:
    _create(path, "a")
    with path.open("ab") as file:
        file.write(b'{"op_code": "' + b"x" * 200_000)
    _create(path, "b")
    assert _names(path) == ["a", "b"]
    assert path.stat().st_size < 1000


def test_the_lock_of_a_writer_that_was_killed_is_free_at_once(path: Path) -> None:
    _create(path, "a")
    script = (
        "import fcntl, os, sys, time\nfile = open(sys.argv[1], 'r+b')\n"
        "fcntl.flock(file, fcntl.LOCK_EX)\nprint('held', flush=True)\ntime.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.communicate()
    began = time.monotonic()
    _create(path, "b")
    assert time.monotonic() - began < 5


def test_a_lock_that_optunas_own_backend_left_behind_does_not_hold_up(path: Path) -> None:
    _create(path, "a")
    os.symlink(path, f"{path}.lock")
    began = time.monotonic()
    _create(path, "b")
    assert time.monotonic() - began < 5


def test_a_disk_that_fills_leaves_no_half_line(path: Path) -> None:
    """A limit on the size of files stops a write in its middle, as a full disk does."""
    _create(path, "a")
    before = path.read_bytes()
    storage = open_journal(path)
    usual = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 30, hard))
        with pytest.raises(OSError, match="File too large"):
            storage.create_new_study([StudyDirection.MINIMIZE], "b")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, usual)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace(b'"op_code"', b'"op_cod\0"', 1),
        lambda text: b"\0" * 10 + text[10:],
        lambda text: text[: len(text) // 3] + b"\xff\xfe\n" + text[len(text) // 2 :],
    ],
)
def test_damage_before_the_last_line_is_named_and_left_alone(path: Path, damage: object) -> None:
    for name in "abc":
        _create(path, name)
    content = damage(path.read_bytes())  # type: ignore[operator]
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"storage: (the journal .* is damaged|must be a journal)"):
        open_journal(path)
    assert path.read_bytes() == content
