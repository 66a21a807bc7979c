"""Where a report is written, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from spaces.errors import InputError

__all__ = ["check_path", "put"]


def put(text: str, path: str | os.PathLike[str]) -> None:
    """Write the text to `path`: beside it first, then renamed. InputError as in `check_path`."""
    target = Path(path)
    check_path(target)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def check_path(path: Path) -> None:
    """Raise InputError where a report cannot be written to `path`; for asking before a long run."""
    if not path.parent.is_dir():
        raise InputError(f"report: must lie in an existing folder, got {str(path)!r}.")
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise InputError(f"report: must be a file that can be written, got {str(path)!r}.")
    if path.exists() and path.stat().st_size and not _is_page(path):
        raise InputError(
            f"report: must be a new file or take an HTML page's place, got {str(path)!r}."
        )


def _is_page(path: Path) -> bool:
    """Whether a file begins as a page does: nothing else is ever written over."""
    with path.open("rb") as file:
        return file.read(64).lstrip().lower().startswith(b"<!doctype html")
