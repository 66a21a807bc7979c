"""Turns what is wrong with a spec into one sentence, with the line it stands on."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

__all__ = ["line_of", "nearest", "sentence"]


def sentence(table: str, model: type[BaseModel], error: ValidationError) -> str:
    """The first problem that pydantic found, as "table.key: rule, got value."."""
    problem = error.errors(include_url=False)[0]
    keys = [str(part) for part in problem["loc"] if isinstance(part, str)]
    place = ".".join([table, *keys])
    if problem["type"] == "extra_forbidden":
        known = _fields(model, keys[:-1])
        hint = nearest(keys[-1], known)
        return f"{place}: is not a key of this table{hint}; its keys are {', '.join(known)}."
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    rule = problem["msg"].replace("Input should be", "must be").rstrip(".")
    return f"{place}: {rule[0].lower()}{rule[1:]}, got {problem['input']!r}."


def nearest(name: object, known: Iterable[str]) -> str:
    """A hint ", did you mean 'x'?" where something known is near, else nothing."""
    close = difflib.get_close_matches(str(name), list(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def line_of(text: str, message: str) -> str:
    """Where in a TOML text the parameter stands that a message begins with: " (line 3)"."""
    key = message.split(":", 1)[0].rsplit(".", 1)[-1].strip()
    quoted = re.findall(r"'([^']+)'", message)
    for name in (key, *quoted):
        pattern = re.compile(
            rf"^\s*(?:\[+[^\]]*\b{re.escape(name)}\]|[^#=\n]*\b{re.escape(name)}\b\s*=)", re.M
        )
        if text and (found := pattern.search(text)):
            return f" (line {text.count(chr(10), 0, found.start()) + 1})"
    return ""


def _fields(model: type[BaseModel], path: list[str]) -> list[str]:
    for key in path:
        inner: Any = model.model_fields[key].annotation
        model = inner
    return list(model.model_fields)
