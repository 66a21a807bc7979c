"""Files that outlive a kill: written beside their place and renamed, and checked when read."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from search.storage.outages import unwritable

__all__ = ["load", "save"]

_NOTES = "notes"
_DIGEST = hashlib.sha256().digest_size


def save(path: Path, arrays: Mapping[str, Any], notes: Mapping[str, Any]) -> None:
    """Write arrays and JSON notes as one file, whole or not at all.

    The file is a digest of 32 bytes and the NumPy archive that it is the digest of. Raises
    `StorageError` where it cannot be written.
    """
    archive = io.BytesIO()
    text = np.frombuffer(json.dumps(notes).encode(), dtype=np.uint8)
    np.savez(archive, allow_pickle=False, **arrays, **{_NOTES: text})
    beside = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(beside, archive.getbuffer())
        os.replace(beside, path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise unwritable(path, error) from error


def load(path: Path) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The arrays and notes of a file that `save` wrote; None where it is missing or damaged."""
    try:
        content = memoryview(path.read_bytes())
    except OSError:
        return None
    if _digest(content[_DIGEST:]) != content[:_DIGEST]:
        return None
    with np.load(io.BytesIO(content[_DIGEST:]), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    notes = json.loads(arrays.pop(_NOTES).tobytes())
    return arrays, notes


def _write(path: Path, archive: memoryview) -> None:
    with open(path, "wb") as file:
        file.write(_digest(archive))
        file.write(archive)
        file.flush()
        os.fsync(file.fileno())


def _digest(content: memoryview) -> bytes:
    return hashlib.sha256(content).digest()
