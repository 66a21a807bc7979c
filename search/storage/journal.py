"""Optuna's journal file, under a lock that falls with its holder, its torn last line cut."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Generator
from pathlib import Path
from typing import IO, Any

from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

from spaces import InputError

__all__ = ["open_journal"]

_BLOCK = 1 << 16


def open_journal(path: Path) -> JournalStorage:
    """Open a journal, or begin one; an `InputError` where the file is none or is damaged."""
    if path.exists() and not _begins_like_a_journal(path):
        raise InputError(f"storage: must be a journal of Optuna's, got {str(path)!r}.")
    try:
        return JournalStorage(_Backend(path))
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError) as error:
        raise InputError(
            f"storage: the journal {str(path)!r} is damaged ({error}); bring back a copy of it, "
            "or name another storage."
        ) from None


class _Backend(JournalFileBackend):
    """Optuna's backend; only the appending differs.

    Optuna locks with a file of its own, which a killed process leaves behind for 30 seconds, and
    appends to a torn line, after which the journal cannot be read.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._path = path

    def read_logs(self, log_number_from: int) -> Generator[dict[str, Any], None, None]:
        """Read the logs from a number on, while nobody cuts a torn line."""
        with open(self._path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield from super().read_logs(log_number_from)

    def append_logs(self, logs: list[dict[str, Any]]) -> None:
        """Append the logs, a line each: all of them or none."""
        lines = "".join(json.dumps(log, separators=(",", ":")) + "\n" for log in logs)
        with open(self._path, "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            end = _end_of_lines(file)
            file.truncate(end)
            file.seek(end)
            try:
                _write(file, lines.encode())
            except OSError:
                file.truncate(end)
                raise


def _write(file: IO[bytes], content: bytes) -> None:
    while content:  # a disk that fills takes a part
        content = content[file.write(content) :]
    os.fsync(file.fileno())


def _end_of_lines(file: IO[bytes]) -> int:
    """Where the last whole line ends."""
    end = os.fstat(file.fileno()).st_size
    while end > 0:
        start = max(0, end - _BLOCK)
        found = os.pread(file.fileno(), end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _begins_like_a_journal(path: Path) -> bool:
    with path.open("rb") as file:
        first = file.readline()
    try:
        return not first or isinstance(json.loads(first), dict)
    except ValueError:
        return False
