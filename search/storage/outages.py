"""What storage that fails says: one sentence, of what lies under the error."""

from __future__ import annotations

from pathlib import Path

__all__ = ["StorageError", "reason", "unwritable"]


class StorageError(RuntimeError):
    """The storage or a file beside it cannot be reached or used; the message is one sentence."""


def reason(error: BaseException) -> str:
    """What lies under an error, on one line and without the final stop."""
    while error.__cause__ is not None:
        error = error.__cause__
    text = getattr(error, "strerror", None) or str(getattr(error, "orig", None) or error)
    lines = text.strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".")


def unwritable(path: Path, error: OSError) -> StorageError:
    """What to raise where a file beside the storage cannot be written."""
    return StorageError(
        f"artifacts: {str(path)!r} cannot be written: {reason(error)}; "
        "mend that and give the same command again, or `towersearch resume` once the study has "
        "begun."
    )
