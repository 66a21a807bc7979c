"""The cache of encoded data: a folder of arrays for each fingerprint, whole or not there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np

from search.data import fingerprints
from search.data.encoded import EncodedData
from search.data.schema import Array, Column, Dataset
from search.data.splits import Split, for_the_test, split
from search.storage.locks import file_lock
from search.storage.outages import unwritable
from spaces.errors import InputError

__all__ = ["open_encoded", "prepare"]

_LAYOUT = 2  # raised whenever the files of a folder change
_MANIFEST = "manifest.json"
_FACTS = "facts.json"
_CHEAP = 64 << 20  # bytes that are hashed in a moment, and so at every opening


def prepare(
    load: Callable[[], Dataset],
    spec: Split,
    folder: Path,
    fingerprint: str | None = None,
    accept: Callable[[EncodedData], None] = lambda data: None,
    *,
    for_test: bool = False,
) -> EncodedData:
    """The encoded data, from `folder/<fingerprint>` where that is whole, else encoded into it.

    With the `fingerprint` of an earlier call, a whole folder needs neither TensorFlow nor the raw
    data; where it must be encoded again from data or a split that has changed since, that is an
    InputError. `accept` may raise one too, before newly encoded data is written. `for_test` trains
    on the validation part too.
    """
    if fingerprint and (found := open_encoded(folder, fingerprint, verify=True)):
        return found
    dataset = load()
    parts = split(dataset, spec)
    parts = for_the_test(parts, spec) if for_test else parts
    fit_on_all = spec.by == "tutorial"
    actual = fingerprints.fingerprint(dataset, parts, fit_on_all)
    if fingerprint and actual != fingerprint:
        raise InputError(
            f"data: {dataset.name} and its split must be as they were when first encoded, got "
            f"fingerprint {actual} instead of {fingerprint}; bring the old data back or start "
            "another study."
        )
    if found := open_encoded(folder, actual):
        return found
    with _alone(folder):
        if found := open_encoded(folder, actual):  # another process was first
            return found
        from search.data.encoding import encode  # loads TensorFlow

        data = encode(dataset, parts, fit_on_all)
        accept(data)
        return _publish(data, folder)


def open_encoded(folder: Path, fingerprint: str, verify: bool = False) -> EncodedData | None:
    """The data in `folder/<fingerprint>`, memory-mapped; None where it is absent or damaged.

    Sizes are checked at every opening; checksums with `verify`, and always below 64 MB.
    """
    place = folder / fingerprint
    try:
        manifest = json.loads((place / _MANIFEST).read_bytes())
        if manifest["layout"] != _LAYOUT or not _whole(place, manifest["files"], verify):
            return None
        return _read(place, fingerprint)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _whole(place: Path, files: Mapping[str, Any], verify: bool) -> bool:
    verify = verify or sum(file["bytes"] for file in files.values()) < _CHEAP
    return all(
        (place / name).stat().st_size == file["bytes"]
        and (not verify or _sha256(place / name) == file["sha256"])
        for name, file in files.items()
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _read(place: Path, fingerprint: str) -> EncodedData:
    facts = json.loads((place / _FACTS).read_bytes())
    arrays: dict[str, Any] = {"queries": {}, "candidates": {}, "parts": {}}
    for number, (group, name) in enumerate(facts["arrays"]):
        holder = arrays[group] if group else arrays
        holder[name] = np.load(place / f"{number}.npy", mmap_mode="r", allow_pickle=False)
    return EncodedData(
        fingerprint=fingerprint,
        columns=tuple(Column(**column) for column in facts["columns"]),
        encoders=tuple(facts["encoders"]),
        summary=facts["summary"],
        **arrays,
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the one process that encodes into the folder, and remove what a killed one left there."""
    lock = folder.with_name(f"{folder.name}.lock")
    fresh = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file_lock(lock):
            for leftover in folder.glob(".*"):
                shutil.rmtree(leftover, ignore_errors=True)
            try:
                yield
            except InputError:
                _remove(fresh, lock)
                raise
    except OSError as error:
        raise unwritable(folder, error) from error


def _remove(fresh: Sequence[Path], lock: Path) -> None:
    """Remove folders, the innermost first, as far as nothing has been written into them."""
    with suppress(OSError):  # which says that one is not empty
        for folder in fresh:
            folder.rmdir()
            lock.unlink(missing_ok=True)


def _publish(data: EncodedData, folder: Path) -> EncodedData:
    """Write the data beside its place, rename it whole, and open it there."""
    fresh, place = folder / f".{data.fingerprint}", folder / data.fingerprint
    fresh.mkdir()
    try:
        _write(data, fresh)
        shutil.rmtree(place, ignore_errors=True)  # damaged, if it is there
        fresh.rename(place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return open_encoded(folder, data.fingerprint) or data


def _write(data: EncodedData, place: Path) -> None:
    arrays = list(_arrays(data))
    for number, (_, _, values) in enumerate(arrays):
        np.save(place / f"{number}.npy", values, allow_pickle=False)
    facts = {
        "arrays": [(group, name) for group, name, _ in arrays],
        "columns": [asdict(column) for column in data.columns],
        "encoders": data.encoders,
        "summary": data.summary,
    }
    (place / _FACTS).write_text(json.dumps(facts))
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": _sha256(path)}
        for path in sorted(place.iterdir())
    }
    manifest = {"layout": _LAYOUT, "files": files}
    (place / _MANIFEST).write_text(json.dumps(manifest, indent=1))


def _arrays(data: EncodedData) -> Iterator[tuple[str, str, Array]]:
    """Every array with its group and name; files are numbered, as names are the user's."""
    for group in ("queries", "candidates", "parts"):
        for name, values in getattr(data, group).items():
            yield group, name, values
    for name in ("positives", "users", "candidate_ids", "counts"):
        yield "", name, getattr(data, name)
    if data.times is not None:
        yield "", "times", data.times
    if data.weights is not None:
        yield "", "weights", data.weights
