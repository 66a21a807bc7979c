"""Where a process can be killed: before and after each durable write, and in the middle of some."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import optuna.storages._in_memory
import optuna.storages.journal
from optuna.storages import RDBStorage

from search.data import cache
from search.storage import checkpoints
from search.study import study

__all__ = ["POINTS", "Kill", "install"]

_STORED = (
    "create_new_study",
    "set_study_user_attr",
    "create_new_trial",
    "set_trial_state_values",
    "set_trial_user_attr",
    "set_trial_intermediate_value",
)
_POINTS: dict[str, tuple[Any, str]] = {
    **{f"storage {name.replace('_', ' ')}": (RDBStorage, name) for name in _STORED},
    "storage create new trial": (RDBStorage, "_create_new_trial"),  # which the cache calls
    "proposal": (study, "propose"),
    "suggestion": (optuna.storages._in_memory.InMemoryStorage, "set_trial_param"),
    "checkpoint written": (checkpoints, "_write"),
    "file renamed": (os, "replace"),
    "file removed": (Path, "unlink"),
    "data written": (cache, "_write"),
    "data renamed": (Path, "rename"),
}
POINTS = [f"{when} {name}" for name in _POINTS for when in ("before", "after")]


@dataclass(frozen=True)
class Kill:
    """SIGKILL at a point when it is reached for the `nth` time in this process, from 1."""

    point: str
    nth: int

    def __str__(self) -> str:
        return f"{self.point}, time {self.nth}"


def install(kill: Kill | None) -> None:
    """Have this process killed so; with None, not at all."""
    if kill is None:
        return
    when, _, name = kill.point.partition(" ")
    holder, attribute = _POINTS[name]
    setattr(holder, attribute, _lethal(getattr(holder, attribute), when, kill.nth))


def _lethal(function: Callable[..., Any], when: str, nth: int) -> Callable[..., Any]:
    calls = iter(range(1, 1 << 30))

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        last = next(calls) == nth
        if last and when == "before":
            _die()
        result = function(*args, **kwargs)
        if last:
            _die()
        return result

    return wrapped


def _die() -> Iterator[None]:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("a process does not outlive SIGKILL")
