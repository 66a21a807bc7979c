"""Databases as Optuna storages, opened for work or for reading alone."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.storage.outages import StorageError, reason
from spaces import InputError

if TYPE_CHECKING:
    from optuna.storages import BaseStorage

__all__ = ["open_server", "open_sqlite"]

_DRIVERS = {"postgresql": "psycopg2", "mysql": "MySQLdb"}  # where a URL names none
_EXTRAS = {"postgresql": "postgres", "mysql": "mysql"}
_URLS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
_BUSY_SECONDS = 60


def open_sqlite(path: Path, *, write: bool) -> BaseStorage:
    """Open an SQLite file; an `InputError` where it is none or is damaged."""
    _probe(path, write)
    address = f"sqlite:///{path}" if write else f"sqlite:///{_read_only(path)}&uri=true"
    return _opened(address, str(path), write, {"timeout": _BUSY_SECONDS})


def open_server(url: str, shown: str, *, write: bool) -> BaseStorage:
    """Open a server's database; a `StorageError` where it does not answer.

    `shown` is the URL as messages may show it.
    """
    import sqlalchemy.exc

    try:
        return _opened(url, shown, write, {})
    except sqlalchemy.exc.NoSuchModuleError:
        raise InputError(f"storage: must name a known kind of database, got {shown!r}.") from None
    except sqlalchemy.exc.ArgumentError:
        raise InputError(
            f"storage: must be sqlite:///FILE, journal:FILE or a database's URL, got {shown!r}."
        ) from None
    except ImportError:
        raise InputError(_missing_driver(url, shown)) from None


def _opened(url: str, shown: str, write: bool, connect_args: dict[str, Any]) -> BaseStorage:
    from optuna.exceptions import StorageInternalError
    from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

    try:
        return _rdb(url, write, connect_args)
    except (StorageInternalError, DatabaseError) as error:
        cause = error.__cause__ if isinstance(error, StorageInternalError) else error
        if isinstance(cause, ProgrammingError):
            raise InputError(_empty(shown)) from None
        if isinstance(cause, OperationalError):
            raise StorageError(f"storage: {shown!r} cannot be reached: {reason(error)}.") from None
        raise InputError(_damaged(shown, reason(error))) from None
    except RuntimeError as error:  # tables of another version of Optuna's
        raise InputError(f"storage: {shown!r} cannot be used: {error}") from None


def _rdb(url: str, write: bool, connect_args: dict[str, Any]) -> BaseStorage:
    from optuna.storages import RDBStorage, get_storage

    engine = {"connect_args": connect_args, "pool_pre_ping": True}
    return get_storage(RDBStorage(url, engine_kwargs=engine, skip_table_creation=not write))


def _probe(path: Path, write: bool) -> None:
    """See that the file is a sound database; for work, have it keep a write-ahead log.

    Readers and one writer at a time do not wait for each other in a write-ahead log.
    """
    address = str(path) if write else _read_only(path)
    try:
        with closing(sqlite3.connect(address, timeout=_BUSY_SECONDS, uri=not write)) as connection:
            if write:
                connection.execute("PRAGMA journal_mode = WAL")
            elif not connection.execute("SELECT * FROM alembic_version").fetchall():
                raise InputError(_empty(str(path)))  # its tables are being made
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            raise InputError(_empty(str(path))) from None
        raise StorageError(f"storage: {str(path)!r} cannot be used: {error}.") from None
    except sqlite3.DatabaseError as error:
        raise InputError(_damaged(str(path), reason(error))) from None
    if found != "ok":
        raise InputError(_damaged(str(path), " ".join(found.split())))


def _read_only(path: Path) -> str:
    """The file as an address to read from, also in a folder where SQLite can make no file."""
    still = not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()
    return f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if still else ''}"


def _empty(shown: str) -> str:
    return (
        f"storage: must hold studies, got {shown!r}, a database without any; start a study with "
        "`towersearch run` or name another one with --storage."
    )


def _damaged(shown: str, why: str) -> str:
    return (
        f"storage: must be a sound database, got {shown!r}: {why}; bring back a copy of "
        "it, or name another storage."
    )


def _missing_driver(url: str, shown: str) -> str:
    kind, _, driver = url.partition("://")[0].partition("+")
    name = driver or _DRIVERS.get(kind, kind)
    sentence = f"storage: {shown!r} needs the Python package {name!r}"
    if kind not in _DRIVERS:
        return f"{sentence}."
    return f"{sentence}; `pip install 'towersearch[{_EXTRAS[kind]}]'` and write {_URLS[kind]}://."
