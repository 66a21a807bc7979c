"""How values and names are put into messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

from spaces.errors import InputError

__all__ = ["listed", "named", "require", "suggestion"]


def require(holds: bool, sentence: str) -> None:
    """Raise `InputError` with `sentence` unless the rule holds."""
    if not holds:
        raise InputError(sentence)


@contextmanager
def named(name: str) -> Iterator[None]:
    """Put a parameter's name before the message of an `InputError` raised inside."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{name}: {error}") from None


def listed(values: Iterable[object]) -> str:
    """Values in words: "'adam', 'sgd' or 'adagrad'"."""
    *head, last = [repr(value) for value in values] or ["nothing"]
    return f"{', '.join(head)} or {last}" if head else last


def suggestion(word: str, valid: Iterable[str]) -> str:
    """How to mend a wrong name: the nearest valid one, or all of them where none is near."""
    names = sorted(valid)
    near = get_close_matches(word, names, n=1)
    return f"did you mean {near[0]!r}?" if near else f"use {listed(names)}."
