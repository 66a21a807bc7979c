"""Where studies are kept: an Optuna storage by its URL, and a folder of files beside it."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from search.locks import database_lock, file_lock
from spaces import InputError

if TYPE_CHECKING:
    from optuna.storages import BaseStorage

__all__ = ["DEFAULT_STORAGE", "Place", "StorageError"]

DEFAULT_STORAGE = "sqlite:///towersearch.db"
_SQLITE, _JOURNAL = "sqlite:///", "journal:"
_DRIVERS = {"postgresql": "psycopg2", "mysql": "MySQLdb"}  # where a URL names none
_EXTRAS = {"postgresql": "postgres", "mysql": "mysql"}
_URLS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
_BUSY_SECONDS = 60


class StorageError(RuntimeError):
    """The storage cannot be reached; the message is one sentence."""


@dataclass(frozen=True)
class Place:
    """A storage by its URL, and where its files lie.

    The URL is `sqlite:///FILE`, `journal:FILE` or that of a database server. Checkpoints and
    encoded data lie in `artifacts`, else beside the storage's file, else in `towersearch.d`.
    """

    url: str = DEFAULT_STORAGE
    artifacts: Path | None = None

    @property
    def exists(self) -> bool:
        """Whether there is something to open: a server is taken to be there."""
        return self._file is None or self._file.exists()

    def check(self) -> None:
        """Raise `InputError` where a file of the storage can be neither written nor made."""
        if self._file is not None:
            _check_file(self._file)
        if self.artifacts is not None and self.artifacts.exists() and not self.artifacts.is_dir():
            raise InputError(f"artifacts: must be a folder, got {str(self.artifacts)!r}.")

    def open(self, *, create: bool = False) -> BaseStorage:
        """Open the storage.

        Without `create`, a file that is not there is an `InputError`, as is one that cannot be
        written; a server that does not answer is a `StorageError`.
        """
        if not self.exists and not create:
            raise InputError(
                f"storage: must be an existing file, got {str(self._file)!r}; start a study with "
                "`towersearch run` or name another one with --storage."
            )
        self.check()
        if self._file is None:
            return _database(self)
        if self.url.startswith(_JOURNAL):
            return _journal(self._file)
        _prepare_sqlite(self._file)
        return _database(self)

    def lock(self, study: str) -> AbstractContextManager[None]:
        """What one process at a time holds while it claims a trial of the study or creates it."""
        if self._file is None:
            return database_lock(self.url, study)
        return file_lock(Path(f"{self._file}.claims"))

    @property
    def shown(self) -> str:
        """The URL without its password."""
        return _without_password(self.url)

    def folder(self, study: str) -> Path:
        """The study's folder; its name becomes a safe name of a folder."""
        beside = Path(f"{self._file}.d") if self._file else Path("towersearch.d")
        return (self.artifacts or beside) / _folder_name(study)

    @property
    def _file(self) -> Path | None:
        for scheme in (_SQLITE, _JOURNAL):
            if self.url.startswith(scheme):
                return Path(self.url.removeprefix(scheme))
        return None


def _without_password(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    credentials, at, place = rest.rpartition("@")
    return f"{scheme}{separator}{credentials.partition(':')[0]}{at}{place}" if at else url


def _folder_name(study: str) -> str:
    name = quote(study, safe="").replace(".", "%2E")
    digest = hashlib.sha256(study.encode()).hexdigest()[:12]
    return name if len(name) <= 100 else f"{name[:80]}-{digest}"


def _check_file(path: Path) -> None:
    if not path.parent.is_dir():
        raise InputError(f"storage: must lie in an existing folder, got {str(path)!r}.")
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise InputError(f"storage: must be a file that can be written, got {str(path)!r}.")


def _prepare_sqlite(path: Path) -> None:
    """Readers and one writer at a time do not wait for each other in a write-ahead log."""
    try:
        with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.DatabaseError as error:
        raise InputError(
            f"storage: must be an SQLite database, got {str(path)!r}: {error}."
        ) from None


def _journal(path: Path) -> BaseStorage:
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    if path.exists() and not _begins_like_a_journal(path):
        raise InputError(f"storage: must be a journal of Optuna's, got {str(path)!r}.")
    return JournalStorage(JournalFileBackend(str(path)))


def _begins_like_a_journal(path: Path) -> bool:
    with path.open("rb") as file:
        first = file.readline()
    try:
        return not first or isinstance(json.loads(first), dict)
    except ValueError:
        return False


def _database(place: Place) -> BaseStorage:
    import sqlalchemy.exc
    from optuna.storages import RDBStorage, get_storage

    url = place.url
    busy = {"timeout": _BUSY_SECONDS} if url.startswith(_SQLITE) else {}
    try:
        return get_storage(
            RDBStorage(url, engine_kwargs={"connect_args": busy, "pool_pre_ping": True})
        )
    except sqlalchemy.exc.NoSuchModuleError:
        raise InputError(
            f"storage: must name a known kind of database, got {place.shown!r}."
        ) from None
    except sqlalchemy.exc.ArgumentError:
        raise InputError(
            "storage: must be sqlite:///FILE, journal:FILE or a database's URL, "
            f"got {place.shown!r}."
        ) from None
    except ImportError:
        raise InputError(_missing_driver(place)) from None
    except sqlalchemy.exc.OperationalError as error:
        raise StorageError(
            f"storage: {place.shown!r} cannot be reached: {str(error.orig).splitlines()[0]}."
        ) from None


def _missing_driver(place: Place) -> str:
    kind, _, driver = place.url.partition("://")[0].partition("+")
    name = driver or _DRIVERS.get(kind, kind)
    sentence = f"storage: {place.shown!r} needs the Python package {name!r}"
    if kind not in _DRIVERS:
        return f"{sentence}."
    return f"{sentence}; `pip install 'towersearch[{_EXTRAS[kind]}]'` and write {_URLS[kind]}://."
