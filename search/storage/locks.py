"""One process at a time, by a lock that falls with its holder: of a file, or of a database."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["database_lock", "file_lock"]

_PATIENCE_SECONDS = 3600  # MariaDB, unlike MySQL, takes no negative number for ever


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold the lock of a file, made where it is missing; a dead holder's is freed."""
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def database_lock(url: str, name: str) -> Iterator[None]:
    """Hold an advisory lock of a PostgreSQL or MySQL server, which a lost connection frees."""
    import sqlalchemy

    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        _take(connection, hashlib.sha256(name.encode()).digest())
        yield  # closing the connection frees the lock


def _take(connection: Connection, digest: bytes) -> None:
    import sqlalchemy

    if connection.dialect.name == "postgresql":
        key = int.from_bytes(digest[:8], signed=True)
        connection.execute(sqlalchemy.text("SELECT pg_advisory_lock(:key)"), {"key": key})
    else:
        values = {"name": f"towersearch-{digest.hex()[:32]}", "timeout": _PATIENCE_SECONDS}
        taken = connection.execute(sqlalchemy.text("SELECT GET_LOCK(:name, :timeout)"), values)
        if taken.scalar() != 1:
            raise TimeoutError(f"the lock was not free within {_PATIENCE_SECONDS} seconds")
