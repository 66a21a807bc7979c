"""Turns what is wrong with a spec into one sentence, with the line it stands on."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from spaces import InputError
from spaces.wording import suggestion

__all__ = ["check_keys", "line_of", "sentence"]


_RULES = {
    "dataclass_exact_type": "must be a table",
    "tuple_type": "must be a table",
    "dict_type": "must be a table",
    "list_type": "must be a list",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "string_too_long": "must have at most {max_length} characters",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be below {lt}",
}


def sentence(table: str, model: type[BaseModel], error: ValidationError) -> str:
    """The first problem that pydantic found, as "table.key: rule, got value."."""
    problem = error.errors(include_url=False)[0]
    keys = [str(part) for part in problem["loc"] if isinstance(part, str)]
    place = ".".join([table, *keys])
    if problem["type"] == "extra_forbidden":
        return f"{place}: is not a key of this table; {_right_place(model, keys)}"
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    rule = _RULES.get(problem["type"], "").format(**problem.get("ctx", {}))
    said = rule or problem["msg"].replace("Input should be", "must be").rstrip(".")
    return f"{place}: {said}, got {problem['input']!r}."


def check_keys(place: str, table: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse, by an `InputError`, a key that the table at `place` does not know."""
    for key in table:
        if key not in known:
            raise InputError(f"{place}: has no key {key!r}; {suggestion(key, known)}")


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


def _right_place(model: type[BaseModel], keys: list[str]) -> str:
    if keys == ["first"]:
        return "it stands above the tables."
    return suggestion(keys[-1], set(_fields(model, keys[:-1])) - {"confirms"})


def _fields(model: type[BaseModel], path: list[str]) -> list[str]:
    for key in path:
        inner: Any = model.model_fields[key].annotation
        model = inner
    return list(model.model_fields)
