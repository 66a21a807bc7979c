"""A fingerprint: the name of encoded data, which changes with anything that encoding reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import blake2b
from typing import Any

import numpy as np

from search.data.schema import Array, Dataset, Feature, Schema
from search.data.splits import Rows

__all__ = ["fingerprint"]

_ENCODING = 2  # raised whenever the same data would encode differently
_LATER = ("separator", "optional")  # data encoded before them keeps its name
_CHUNK = 1 << 18  # texts held as bytes at a time


def fingerprint(dataset: Dataset, parts: Mapping[str, Rows], fit_on_all: bool) -> str:
    """A hash, in 32 hexadecimal digits, of a dataset's content and schema and of its split."""
    digest = blake2b(digest_size=16)
    rules = {"encoding": _ENCODING, "schema": _told(dataset.schema), "all": fit_on_all}
    digest.update(json.dumps(rules, sort_keys=True).encode())
    for arrays in (dataset.interactions, dataset.candidates, parts):
        for name in sorted(arrays):
            _add(digest, name, arrays[name])
    if dataset.weights is not None:
        _add(digest, "weights", dataset.weights)
    return digest.hexdigest()


def _told(schema: Schema) -> dict[str, Any]:
    """The schema as plain data, without the settings that came later where they are unused."""
    told = asdict(schema)
    for feature in told["features"]:
        for key in _LATER:
            if feature[key] == getattr(Feature, key):
                del feature[key]
    return told


def _add(digest: blake2b, name: str, values: Array) -> None:
    """Add a named array, its lengths included, so that no two sequences read alike."""
    digest.update(f"{name}\0{values.dtype}\0{values.shape}\0".encode())
    if values.dtype != object:
        digest.update(np.ascontiguousarray(values).data)
        return
    for start in range(0, len(values), _CHUNK):
        texts = [str(value).encode() for value in values[start : start + _CHUNK]]
        digest.update(np.array([len(text) for text in texts], np.int64).data)
        digest.update(b"".join(texts))
