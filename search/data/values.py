"""Values: what a column of a file holds, as the text, the numbers or the times of a dataset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from search.data.schema import Array, Kind
from spaces.errors import InputError

__all__ = ["FORMS", "Column", "Form", "column", "parse"]

Form = Literal["text", "number", "time"]
FORMS: Mapping[Kind, Form] = {
    "id": "text",
    "category": "text",
    "text": "text",
    "tags": "text",
    "number": "number",
    "time": "time",
    "hour": "time",
    "weekday": "time",
}

_MILLISECONDS = 1e11  # seconds before the year 5138 are below it, milliseconds since 1973 above
_FIRST, _LAST = (np.datetime64(f"{year}-01-01", "s").astype(int) for year in (1900, 2200))
_EXAMPLES = 1_000


class Column(Protocol):
    """A column that is put together batch by batch."""

    def add(self, values: Any) -> None:
        """Take the next Arrow array; a value of another form is an InputError."""

    def array(self) -> Array:
        """All values so far, as `search.data.schema.Dataset` has them."""


def column(name: str, form: Form) -> Column:
    """An empty column; `name` is what messages call it."""
    return _COLUMNS[form](name)


def parse(name: str, form: Form, text: str) -> Any:
    """One value from its text, "" where missing; an InputError where it is of another form."""
    one = column(name, form)
    one.add(pa.array([text or None], pa.string()))
    return one.array()[0]


class _Text:
    """Text in object arrays that share one str for all equal values."""

    def __init__(self, name: str) -> None:
        self._name, self._pieces = name, [np.empty(0, object)]
        self._known: dict[str, str] = {}

    def add(self, values: Any) -> None:
        coded = self._strings(values).dictionary_encode()
        texts = coded.dictionary.to_pylist()
        if cut := next((text for text in texts if "\0" in text), None):
            raise _refused(self._name, "text without the character NUL", repr(cut))
        known = [self._known.setdefault(text, text) for text in texts]
        places = pc.fill_null(coded.indices, len(known)).to_numpy(zero_copy_only=False)
        self._pieces.append(np.array([*known, ""], object)[places])

    def array(self) -> Array:
        return np.concatenate(self._pieces)

    def _strings(self, values: Any) -> Any:
        if pa.types.is_floating(values.type):  # whole numbers, some of them missing
            values = pc.if_else(pc.is_nan(values), None, values)
            values = _cast(self._name, values, pa.int64(), "text or whole numbers")
        return _cast(self._name, values, pa.string(), "text or whole numbers")


class _Number:
    def __init__(self, name: str) -> None:
        self._name, self._pieces = name, [np.empty(0)]

    def add(self, values: Any) -> None:
        numbers = _numbers(_cast(self._name, _trimmed(values), pa.float64(), "numbers"))
        if np.isinf(numbers).any():
            raise _refused(self._name, "finite numbers", "an infinite one")
        self._pieces.append(numbers)

    def array(self) -> Array:
        return np.concatenate(self._pieces)


class _Time:
    """Seconds or milliseconds since 1970, or dates and times as ISO 8601 writes them, in UTC."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._pieces: list[tuple[str, npt.NDArray[np.float64]]] = [("", np.empty(0))]

    def add(self, values: Any) -> None:
        self._pieces.append(self._seconds(_trimmed(values)))

    def array(self) -> Array:
        written = {way for way, piece in self._pieces if not np.isnan(piece).all()}
        if len(written) > 1:
            raise _refused(self._name, "all of one kind", "numbers and ISO 8601")
        seconds = np.concatenate([piece for _, piece in self._pieces])
        if written == {"numbers"}:
            seconds = _in_seconds(self._name, seconds)
        _check_range(self._name, seconds)
        return seconds if np.isnan(seconds).any() else seconds.astype(np.int64)

    def _seconds(self, values: Any) -> tuple[str, npt.NDArray[np.float64]]:
        if pa.types.is_temporal(values.type):
            return "ISO 8601", _since_1970(values.cast(pa.timestamp("s"), safe=False))
        try:
            return "numbers", _numbers(values.cast(pa.float64()))
        except pa.ArrowInvalid:
            return "ISO 8601", _since_1970(self._dates(values))

    def _dates(self, values: Any) -> Any:
        kinds = (pa.timestamp("ms", "UTC"), pa.timestamp("ms"))  # with a zone, without
        for kind in kinds:
            with suppress(pa.ArrowInvalid):
                return values.cast(kind).cast(pa.timestamp("s", kind.tz), safe=False)
        misfit = _first_misfit(values, pa.float64(), *kinds)
        if misfit is None:
            raise _refused(self._name, "all of one kind", "several ways to write a time")
        raise _refused(self._name, "seconds or milliseconds since 1970, or ISO 8601", misfit)


_COLUMNS: Mapping[Form, Callable[[str], Column]] = {
    "text": _Text,
    "number": _Number,
    "time": _Time,
}


def _trimmed(values: Any) -> Any:
    return pc.utf8_trim_whitespace(values) if pa.types.is_string(values.type) else values


def _numbers(values: Any) -> npt.NDArray[np.float64]:
    return np.asarray(values.to_numpy(zero_copy_only=False), np.float64)


def _since_1970(values: Any) -> npt.NDArray[np.float64]:
    return _numbers(values.cast(pa.int64()))


def _in_seconds(name: str, times: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Whole seconds: times that are above what seconds can be are milliseconds, all of them."""
    above = np.abs(times) >= _MILLISECONDS
    if not above.any():
        return np.floor(times)
    below = ~above & (times > 0)
    if below.any():
        found = f"{times[below][0]:.0f} and {times[above][0]:.0f}"
        raise _refused(name, "all in seconds or all in milliseconds", found)
    return np.floor(times / 1000)


def _check_range(name: str, seconds: npt.NDArray[np.float64]) -> None:
    outside = (seconds < _FIRST) | (seconds > _LAST)
    if outside.any():
        raise _refused(name, "between the years 1900 and 2200", f"{seconds[outside][0]:.0f} s")


def _cast(name: str, values: Any, kind: Any, rule: str) -> Any:
    try:
        return values.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise _refused(name, rule, _first_misfit(values, kind) or str(values.type)) from error


def _first_misfit(values: Any, *kinds: Any) -> str | None:
    """The first value that is of none of the kinds."""
    if pa.types.is_nested(values.type):
        return str(values.type)
    for value in values.drop_null().unique():
        one = pa.array([value.as_py()], values.type)
        if not any(_fits(one, kind) for kind in kinds):
            return repr(value.as_py())
    return None


def _fits(values: Any, kind: Any) -> bool:
    try:
        values.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return False
    return True


def _refused(name: str, rule: str, found: str) -> InputError:
    return InputError(
        f"{name}: values must be {rule}, got {found}; mend them or give the feature another kind."
    )
