"""Where studies are kept: an Optuna storage by its URL, and a folder of files beside it."""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from search.storage.databases import open_server, open_sqlite
from search.storage.locks import database_lock, file_lock
from spaces import InputError

if TYPE_CHECKING:
    from optuna.storages import BaseStorage

__all__ = ["DEFAULT_STORAGE", "Place"]

DEFAULT_STORAGE = "sqlite:///towersearch.db"
_SQLITE, _JOURNAL = "sqlite:///", "journal:"


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

    @property
    def on_server(self) -> bool:
        """Whether the storage is a server's, which may go away for a moment, and no file."""
        return self._file is None

    def check(self) -> None:
        """Raise `InputError` where a file of the storage can be neither written nor made."""
        if self._file is not None:
            _check_file(self._file)
        if self.artifacts is not None and self.artifacts.exists() and not self.artifacts.is_dir():
            raise InputError(f"artifacts: must be a folder, got {str(self.artifacts)!r}.")

    def open(self, *, create: bool = False, write: bool = True) -> BaseStorage:
        """Open the storage; without `write` only to be read, which leaves it as it is.

        Without `create`, a file that is not there is an `InputError`, as is one that cannot be
        written; a server that does not answer is a `StorageError`.
        """
        if not self.exists and not create:
            raise InputError(
                f"storage: must be an existing file, got {str(self._file)!r}; start a study with "
                "`towersearch run` or name another one with --storage."
            )
        if write:
            self.check()
        elif self._file is not None:
            _check_readable(self._file)
        if self._file is None:
            return open_server(self.url, self.shown, write=write)
        if self.url.startswith(_JOURNAL):
            from search.storage.journal import open_journal

            return open_journal(self._file)
        return open_sqlite(self._file, write=write)

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
    url = re.sub(r"(?<=[?&])password=[^&]*&?", "", url).rstrip("?&")
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


def _check_readable(path: Path) -> None:
    if path.is_dir() or not os.access(path, os.R_OK):
        raise InputError(f"storage: must be a file that can be read, got {str(path)!r}.")
