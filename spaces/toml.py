"""A search space as TOML: `width = { integer = [32, 512], step = 32, when = { depth = 2 } }`."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import and_
from typing import Any

import tomli_w

from spaces.conditions import Rule, as_rule, at_least, at_most
from spaces.errors import InputError
from spaces.parameters import Choice, Integer, Parameter, Real
from spaces.space import SearchSpace
from spaces.wording import listed, named, require, suggestion

__all__ = ["dumps", "entries", "from_table", "loads", "parameters", "to_table"]

_RULES: dict[str, Callable[[Any], Rule]] = {"in": as_rule, ">=": at_least, "<=": at_most}


def to_table(space: SearchSpace) -> dict[str, Any]:
    """The space as plain data that `from_table` reads back to an equal space."""
    return {name: _form(space[name]) for name in space}


def from_table(table: Mapping[str, Any]) -> SearchSpace:
    """The space that a table describes, a parameter an entry; `InputError` names what is wrong."""
    return SearchSpace(**parameters(table))


def parameters(table: Mapping[str, Any]) -> dict[str, Parameter]:
    """The parameters that a table describes, with which `SearchSpace.replace` amends a space.

    An entry is `{ integer = [low, high] }` or `{ real = [low, high] }`, both with `step` or `log`
    if wanted, `{ choice = [...] }`, or a plain value, which fixes the parameter. `when` has a rule
    a parent: a value, a list of values, or `{ ">=" = 2 }`, `{ "<=" = 3 }` and `{ in = [...] }`.
    """
    result = {}
    for name, entry in table.items():
        with named(name):
            result[name] = _parameter(entry)
    return result


def dumps(space: SearchSpace) -> str:
    """The space as TOML text, a parameter a line."""
    return entries(to_table(space))


def entries(table: Mapping[str, Any]) -> str:
    """A table as TOML text, an entry a line."""
    return "".join(f"{_key(name)} = {_inline(value)}\n" for name, value in table.items())


def loads(text: str) -> SearchSpace:
    """The space that TOML text describes."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"space: is not TOML: {error}.") from None
    return from_table(table)


def _form(parameter: Parameter) -> Any:
    form: dict[str, Any] = {}
    match parameter:
        case Choice(options=[option], conditions=()):
            return option
        case Choice(options):
            form["choice"] = list(options)
        case Integer() | Real():
            form[type(parameter).__name__.lower()] = [parameter.low, parameter.high]
            for key in ("step", "log"):
                if getattr(parameter, key) != getattr(type(parameter), key):
                    form[key] = getattr(parameter, key)
    if parameter.conditions:
        form["when"] = {parent: _rule_form(rule) for parent, rule in parameter.conditions}
    return form


def _rule_form(rule: Rule) -> Any:
    if rule.options is not None:
        return list(rule.options) if rule.options[1:] else rule.options[0]
    bounds = {">=": rule.low, "<=": rule.high}
    return {key: bound for key, bound in bounds.items() if math.isfinite(bound)}


def _parameter(entry: Any) -> Parameter:
    require(not isinstance(entry, list), f"a list of options is written {{ choice = {entry!r} }}.")
    if not isinstance(entry, Mapping):
        return Choice([entry])
    _refuse_unknown(entry, ["integer", "real", "choice", "step", "log", "when"])
    kinds = [kind for kind in ("integer", "real", "choice") if kind in entry]
    require(len(kinds) == 1, f"needs one of integer, real and choice, got {_keys(entry)}.")
    parameter = _choice(entry) if kinds == ["choice"] else _range(kinds[0], entry)
    rules = entry.get("when", {})
    require(isinstance(rules, Mapping), f"when must be a table of parents, got {rules!r}.")
    return parameter.when(**{parent: _rule(parent, rules[parent]) for parent in rules})


def _choice(entry: Mapping[str, Any]) -> Choice:
    for key in ("step", "log"):
        require(key not in entry, f"a choice has no {key}, got {key}={entry.get(key)!r}.")
    return Choice(entry["choice"])


def _range(kind: str, entry: Mapping[str, Any]) -> Integer | Real:
    ends = entry[kind]
    require(
        isinstance(ends, list | tuple) and len(ends) == 2,
        f"{kind} must be a list of two numbers, low and high, got {ends!r}.",
    )
    scale = {key: entry[key] for key in ("step", "log") if key in entry}
    return Integer(*ends, **scale) if kind == "integer" else Real(*ends, **scale)


def _rule(parent: str, form: Any) -> Rule:
    if not isinstance(form, Mapping):
        return as_rule(form)
    with named(f"when {parent}"):
        _refuse_unknown(form, _RULES)
        require(bool(form), f"needs one of {listed(_RULES)}, got an empty table.")
        return reduce(and_, (_RULES[key](form[key]) for key in form))


def _refuse_unknown(table: Mapping[str, Any], valid: Iterable[str]) -> None:
    for key in table:
        require(key in valid, f"has no key {key!r}; {suggestion(key, valid)}")


def _keys(entry: Mapping[str, Any]) -> str:
    return ", ".join(entry) or "an empty table"


def _key(name: str) -> str:
    return tomli_w.dumps({name: 0}).removesuffix(" = 0\n")


def _inline(value: Any) -> str:
    """The value on one line, where the TOML writer would spread tables and lists."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(key)} = {_inline(value[key])}' for key in value)} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    return tomli_w.dumps({"x": value}).removeprefix("x = ").removesuffix("\n")
