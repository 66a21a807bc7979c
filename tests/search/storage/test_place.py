from __future__ import annotations

import gc
import os
import pwd
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from optuna.study import StudyDirection

from search.storage import Place
from search.storage.outages import StorageError
from spaces import InputError


def test_files_lie_beside_the_storage_or_where_they_are_told_to() -> None:
    assert Place("sqlite:///a/b.db").folder("s") == Path("a/b.db.d/s")
    assert Place("journal:j.log").folder("s") == Path("j.log.d/s")
    assert Place("mysql+pymysql://host/db").folder("s") == Path("towersearch.d/s")
    assert Place("sqlite:///b.db", Path("elsewhere")).folder("s") == Path("elsewhere/s")


@pytest.mark.parametrize("name", ["../../etc", "a/b", "..", ".", "x" * 200, "ভালো", "a\nb", "~"])
def test_no_name_of_a_study_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    folder = Place("sqlite:///b.db", tmp_path).folder(name)
    folder.mkdir(parents=True)
    assert folder.resolve().parent == tmp_path.resolve()


def test_long_names_that_begin_alike_have_folders_of_their_own() -> None:
    place = Place("sqlite:///b.db")
    assert place.folder("x" * 150 + "1") != place.folder("x" * 150 + "2")


def test_sqlite_keeps_a_write_ahead_log(place: Place) -> None:
    place.open(create=True)
    with sqlite3.connect(place.url.removeprefix("sqlite:///")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_journal_opens(tmp_path: Path) -> None:
    assert Place(f"journal:{tmp_path}/j.log").open(create=True).get_all_studies() == []


def test_reading_makes_no_file(place: Place) -> None:
    with pytest.raises(InputError, match=r"storage: must be an existing file, got .*studies\.db'"):
        place.open()
    assert not place.exists


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite:////nowhere/x.db", r"storage: must lie in an existing folder, got '/nowhere/x"),
        ("sqlite:////tmp", r"storage: must be a file that can be written, got '/tmp'"),
        ("nonsense", r"storage: must be sqlite:///FILE, journal:FILE or a database's URL, got"),
        ("oracle9://h/d", r"storage: must name a known kind of database, got 'oracle9://h/d'\."),
    ],
)
def test_a_wrong_url_is_refused(url: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Place(url).open(create=True)


def test_a_file_that_is_no_database_is_named(place: Place) -> None:
    Path(place.url.removeprefix("sqlite:///")).write_bytes(b"not a database at all" * 50)
    with pytest.raises(InputError, match=r"storage: must be a sound database, got .*studies\.db"):
        place.open()


@pytest.mark.parametrize("driver", ["postgresql+psycopg", "mysql+pymysql"])
def test_a_server_that_does_not_answer_is_named_without_its_password(driver: str) -> None:
    with pytest.raises(StorageError, match=r"cannot be reached") as caught:
        Place(f"{driver}://user:secret@127.0.0.1:1/db").open()
    assert "user@127.0.0.1:1/db" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_missing_driver_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymysql", None)
    with pytest.raises(InputError, match=r"needs the Python package 'pymysql'; `pip install 'to"):
        Place("mysql+pymysql://u@127.0.0.1:1/db").open()


@pytest.mark.parametrize("content", [b"just notes\n", b"\x8a\x00\xff\n", b"[1]\n"])
def test_a_file_that_is_no_journal_is_named_and_left_alone(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"storage: must be a journal of Optuna's, got .*notes"):
        Place(f"journal:{path}").open()
    assert path.read_bytes() == content


def test_artifacts_must_be_a_folder(place: Place) -> None:
    with pytest.raises(InputError, match=r"artifacts: must be a folder, got '/dev/null'\."):
        Place(place.url, Path("/dev/null")).open(create=True)


def test_a_url_without_a_driver_says_which_to_name() -> None:
    message = r"needs the Python package 'MySQLdb'; `pip install .*\[mysql\]'` and write mysql\+pym"
    with pytest.raises(InputError, match=message):
        Place("mysql://u:pw@127.0.0.1:1/db").open()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://me:secret@host/db",
        "postgresql+psycopg://me@host/db?password=secret",
        "postgresql+psycopg://me@host/db?password=secret&sslmode=require",
        "mysql+pymysql://me:se@cret@host/db?charset=utf8&password=secret",
    ],
)
def test_no_password_is_shown(url: str) -> None:
    shown = Place(url).shown
    assert "cret" not in shown
    assert shown.startswith(url.partition(":")[0] + "://me@host/db")
    assert shown.endswith(("db", "db?sslmode=require", "db?charset=utf8"))


@pytest.mark.parametrize("scheme", ["sqlite:///", "journal:"])
def test_reading_changes_nothing_and_needs_a_storage_that_is_there(
    scheme: str, tmp_path: Path
) -> None:
    place = Place(f"{scheme}{tmp_path}/studies")
    place.open(create=True)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert place.open(write=False).get_all_studies() == []
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    with pytest.raises(InputError, match=r"storage: must be an existing file"):
        Place(f"{scheme}{tmp_path}/none").open(write=False)


def test_a_database_without_studies_is_not_made_one_by_reading(place: Place) -> None:
    path = Path(place.url.removeprefix("sqlite:///"))
    path.touch()
    with pytest.raises(InputError, match=r"storage: must hold studies, got '.*', a database witho"):
        place.open(write=False)
    assert path.read_bytes() == b""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("target", ["new.db", "old.db"])
def test_a_file_that_cannot_be_written_is_status_2_and_left_alone(target: str) -> None:
    nobody = pwd.getpwnam("nobody")
    folder = Path(tempfile.mkdtemp(prefix="towersearch-"))  # pytest's own is closed to others
    folder.chmod(0o755)
    old = folder / "old.db"
    try:
        Place(f"sqlite:///{old}").open(create=True)
        before = old.read_bytes()
        script = (
            "import os, sys, optuna.storages, sqlalchemy\n"
            "import search.cli, search.run, search.commands.session\n"
            f"os.setgid({nobody.pw_gid})\nos.setuid({nobody.pw_uid})\n"
            f"sys.argv = 'towersearch run --preset towers --storage'.split()\n"
            f"sys.argv.append('sqlite:///{folder / target}')\n"
            "search.cli.main()"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
        sentence = f"storage: must be a file that can be written, got '{folder / target}'.\n"
        assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)
        assert old.read_bytes() == before
        assert not (folder / "new.db").exists()
    finally:
        shutil.rmtree(folder)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("scheme", ["sqlite:///", "journal:"])
def test_a_storage_is_read_where_nothing_can_be_written(scheme: str) -> None:
    nobody = pwd.getpwnam("nobody")
    folder = Path(tempfile.mkdtemp(prefix="towersearch-"))  # pytest's own is closed to others
    folder.chmod(0o755)
    place = Place(f"{scheme}{folder / 'studies'}")
    try:
        place.open(create=True).create_new_study([StudyDirection.MAXIMIZE], "a")
        gc.collect()  # closes the connection, and with it the write-ahead log
        script = (
            "import os, sys, optuna.storages.journal\nfrom search.storage import Place\n"
            f"Place('sqlite:///{folder / 'other'}').open(create=True)\n"  # loads what it needs
            f"os.setgid({nobody.pw_gid})\nos.setuid({nobody.pw_uid})\n"
            "print(Place(sys.argv[1]).open(write=False).get_all_studies()[0].study_name)"
        )
        command = [sys.executable, "-c", script, place.url]
        done = subprocess.run(command, capture_output=True, text=True)
        assert (done.stdout, done.stderr) == ("a\n", "")
    finally:
        shutil.rmtree(folder)
