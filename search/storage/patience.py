"""A server that goes away while a study is worked on is waited for; damage is one sentence."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from search.storage import Place
from search.storage.outages import StorageError, reason
from spaces import InputError

__all__ = ["patient", "reading"]

_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.5


class _InStorage(Protocol):
    """What has a name in a storage: a study."""

    name: str
    place: Place


S = TypeVar("S", bound=_InStorage)
P = ParamSpec("P")
R = TypeVar("R")


def patient(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """Have a study's method done again from its beginning while a server is away for a moment.

    What can be done twice without harm may be patient. Raises `StorageError` where the server
    stays away, or where a file fails, which waiting does not mend.
    """

    @wraps(method)
    def waits(study: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
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
