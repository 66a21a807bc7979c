"""Storage that fails: a server that went away is waited for, what stays away is one sentence."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from spaces import InputError

if TYPE_CHECKING:
    from search.storage import Place
    from search.study import Study

__all__ = ["StorageError", "patient", "reading", "reason", "unwritable"]

_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.5

P = ParamSpec("P")
R = TypeVar("R")


class StorageError(RuntimeError):
    """The storage or a file beside it cannot be reached or used; the message is one sentence."""


def patient(method: Callable[Concatenate[Study, P], R]) -> Callable[Concatenate[Study, P], R]:
    """Have a study's method done again from its beginning while a server is away for a moment.

    What can be done twice without harm may be patient. Raises `StorageError` where the server
    stays away, or where a file fails, which waiting does not mend.
    """

    @wraps(method)
    def waits(study: Study, /, *args: P.args, **kwargs: P.kwargs) -> R:
        end = time.monotonic() + (_PATIENCE_SECONDS if study.place.on_server else 0.0)
        while True:
            try:
                return method(study, *args, **kwargs)
            except _failures() as error:
                if time.monotonic() >= end:
                    raise StorageError(_sentence(study.place, study.name, error)) from error
            time.sleep(_PAUSE_SECONDS)

    return waits


@contextmanager
def reading(place: Place, study: str) -> Iterator[None]:
    """Have damage that is met while a study is read be one sentence."""
    try:
        yield
    except InputError:
        raise
    except (ValueError, LookupError, TypeError) as error:
        raise InputError(
            f"storage: the records of study {study!r} in {place.shown!r} are damaged "
            f"({type(error).__name__}: {reason(error)}); bring back a copy of them."
        ) from error


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
        "when that is mended, `towersearch resume` goes on where it stopped."
    )


def _failures() -> tuple[type[Exception], ...]:
    from optuna.exceptions import StorageInternalError, UpdateFinishedTrialError
    from sqlalchemy.exc import SQLAlchemyError

    return (StorageInternalError, UpdateFinishedTrialError, SQLAlchemyError, OSError)


def _sentence(place: Place, study: str, error: Any) -> str:
    again = f"`towersearch resume {shlex.quote(study)}` goes on where it stopped"
    if place.on_server:
        return (
            f"storage: {place.shown!r} has not answered for {_PATIENCE_SECONDS:.0f} seconds: "
            f"{reason(error)}; when it is back, {again}."
        )
    return (
        f"storage: {place.shown!r} cannot be used: {reason(error)}; when that is mended, {again}."
    )
