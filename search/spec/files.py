"""TOML files: specs, and the configurations that a study is to begin with."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spaces import InputError

__all__ = ["read_first", "read_spec"]


def read_spec(path: Path, name: str = "spec") -> tuple[dict[str, Any], str]:
    """A TOML file's tables and its text; an `InputError` where it cannot be read or is not TOML.

    `name` is what messages call the file.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text), text
    except FileNotFoundError:
        raise InputError(f"{name}: must be an existing file, got {str(path)!r}.") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name}: {str(path)!r} is not TOML: {error}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{name}: {str(path)!r} cannot be read: {error}.") from None


def read_first(path: Path) -> list[Mapping[str, Any]]:
    """The configurations of a TOML file of `[[first]]` tables; an `InputError` for any other."""
    table, _ = read_spec(path, "enqueue")
    first = table.get("first")
    if list(table) != ["first"] or not isinstance(first, list) or not all(map(_is_table, first)):
        raise InputError(
            f"enqueue: {str(path)!r} must have tables headed [[first]] and nothing else, "
            f"got {', '.join(table) or 'an empty file'}."
        )
    return first


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)
