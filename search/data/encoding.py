"""Encoding: a dataset and its split become arrays of numbers, fitted on the training part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from search.data import encoders
from search.data.encoded import EncodedData
from search.data.fingerprints import fingerprint
from search.data.progress import bar
from search.data.schema import Array, Column, Dataset
from search.data.splits import Rows
from search.tensorflow import tf
from spaces.errors import InputError

__all__ = ["encode", "in_bulk"]

_CHUNK = 1 << 20  # rows encoded at a time, which bounds the memory that strings take


def encode(dataset: Dataset, parts: Mapping[str, Rows], fit_on_all: bool) -> EncodedData:
    """Encode a dataset divided into `parts` (rows of "train", "validation" and "test").

    Encoders are fitted on the training interactions and on the candidates that occur in them; with
    `fit_on_all`, the tutorial's protocol, on everything. Candidates are ordered by a hash of their
    id, so that ties in a ranking favour none. An interaction whose candidate the catalogue lacks, a
    candidate that it has twice, a single one, and weights that are all 0 are InputErrors.
    """
    order = _catalogue_order(dataset)
    ids = dataset.candidates[dataset.schema.candidate][order]
    positives = _positives(dataset, ids)
    counts = np.bincount(positives[parts["train"]], minlength=len(ids))
    training = {"query": parts["train"], "candidate": np.flatnonzero(counts)}
    states, columns, encoded = _features(dataset, order, {} if fit_on_all else training)
    users = _users(dataset)
    return EncodedData(
        fingerprint=fingerprint(dataset, parts, fit_on_all),
        columns=columns,
        queries=encoded["query"],
        candidates=encoded["candidate"],
        positives=positives,
        users=users,
        parts=parts,
        candidate_ids=ids.astype(np.str_),
        counts=counts,
        encoders=states,
        summary=_summary(dataset, parts, positives, users),
        times=_times(dataset),
        weights=_weights(dataset, parts["train"]),
    )


def in_bulk(encoder: encoders.Encoder, values: Array) -> dict[str, Array]:
    """The columns of raw values (n,); of texts and ids, each distinct one is encoded once."""
    if values.dtype != object:
        return _in_chunks(encoder, values)
    codes, distinct = pd.factorize(values)
    return {name: column[codes] for name, column in _in_chunks(encoder, distinct).items()}


def _catalogue_order(dataset: Dataset) -> Rows:
    """The candidates' rows by the hash of their ids."""
    ids = dataset.candidates[dataset.schema.candidate]
    if len(ids) < 2:
        raise InputError(
            f"{dataset.schema.candidate}: the catalogue must have at least two candidates, got "
            f"{len(ids)}; there is nothing to rank."
        )
    twice = pd.Series(ids)[pd.Series(ids).duplicated()]
    if len(twice):
        raise InputError(
            f"{dataset.schema.candidate}: a candidate's id must be unique in the catalogue, got "
            f"{len(twice):,} repeated, such as {_examples(twice)}; keep one row of each."
        )
    digests = [blake2b(str(value).encode(), digest_size=16).digest() for value in ids]
    return np.array(sorted(range(len(ids)), key=digests.__getitem__), np.int64)


def _positives(dataset: Dataset, ids: Array) -> npt.NDArray[np.int32]:
    """The catalogue row of each interaction's candidate (n,)."""
    wanted, catalogue = dataset.interactions[dataset.schema.candidate], pd.Index(ids)
    blocks = (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK))
    rows = np.concatenate([catalogue.get_indexer(pd.Index(block)) for block in blocks])
    absent = wanted[rows < 0]
    if len(absent):
        raise InputError(
            f"{dataset.schema.candidate}: each interaction's candidate must be in the catalogue, "
            f"got {len(absent):,} without it, such as {_examples(absent)}; add these "
            "candidates or drop the interactions."
        )
    return rows.astype(np.int32)


def _examples(values: Any) -> str:
    return ", ".join(f'"{value}"' for value in pd.unique(values)[:3])


def _users(dataset: Dataset) -> npt.NDArray[np.int32]:
    """A number for each interaction's user (n,); without a user column, one of its own."""
    if dataset.schema.user is None:
        return np.arange(len(dataset.interactions[dataset.schema.candidate]), dtype=np.int32)
    return pd.factorize(dataset.interactions[dataset.schema.user])[0].astype(np.int32)


def _times(dataset: Dataset) -> npt.NDArray[np.int64] | None:
    name = dataset.schema.time
    return None if name is None else dataset.interactions[name].astype(np.int64)


def _weights(dataset: Dataset, train: Rows) -> npt.NDArray[np.float32] | None:
    """The interactions' weights (n,), divided by the training part's mean."""
    if dataset.weights is None:
        return None
    mean = float(dataset.weights[train].mean())
    if mean == 0:
        raise InputError(
            f"weight: must be above 0 somewhere in the training part, got {len(train)} times 0; "
            "name another column."
        )
    return np.asarray(dataset.weights / mean, np.float32)


def _features(
    dataset: Dataset, order: Rows, training: Mapping[str, Rows]
) -> tuple[tuple[encoders.State, ...], tuple[Column, ...], dict[str, dict[str, Array]]]:
    """Every feature's state, columns and, by side, encoded values, candidates in their order.

    Encoders are fitted on a side's `training` rows, or on all of them where it names none.
    """
    raw = {
        "query": dataset.interactions,
        "candidate": {name: column[order] for name, column in dataset.candidates.items()},
    }
    states: list[encoders.State] = []
    columns: list[Column] = []
    encoded: dict[str, dict[str, Array]] = {"query": {}, "candidate": {}}
    features = dataset.schema.features
    with bar("encoding", sum(len(raw[f.side][f.source]) for f in features)) as advance:
        for feature in features:
            values = raw[feature.side][feature.source]
            state = encoders.fit(feature, values[training.get(feature.side, slice(None))])
            encoder = encoders.build(state)
            states.append(state)
            columns += [replace(column, optional=feature.optional) for column in encoder.columns]
            encoded[feature.side] |= in_bulk(encoder, values)
            advance(len(values))
    return tuple(states), tuple(columns), encoded


def _in_chunks(encoder: encoders.Encoder, values: Array) -> dict[str, Array]:
    """All values' columns; token columns are padded with 0 to the longest text."""
    starts = range(0, len(values), _CHUNK)
    pieces = [encoder(tf.constant(values[start : start + _CHUNK])) for start in starts]
    return {
        column.name: _joined([piece[column.name].numpy() for piece in pieces])
        for column in encoder.columns
    }


def _joined(pieces: list[Array]) -> Array:
    if pieces[0].ndim == 1:
        return np.concatenate(pieces)
    length = max(1, *(piece.shape[1] for piece in pieces))
    return np.concatenate([np.pad(p, ((0, 0), (0, length - p.shape[1]))) for p in pieces])


def _summary(
    dataset: Dataset, parts: Mapping[str, Rows], positives: Array, users: Array
) -> dict[str, Any]:
    catalogue = len(dataset.candidates[dataset.schema.candidate])
    seen = {"candidate": positives[parts["train"]], "user": users[parts["train"]]}
    cold = {
        name: {
            "candidate": _share_outside(positives[parts[name]], seen["candidate"]),
            "user": _share_outside(users[parts[name]], seen["user"]),
        }
        for name in ("validation", "test")
    }
    return {
        "source": dataset.name,
        "licence": dataset.licence,
        "users": {"all": len(np.unique(users))} | _distinct(users, parts),
        "candidates": {"all": catalogue} | _distinct(positives, parts),
        "interactions": {"all": len(users)} | {name: len(rows) for name, rows in parts.items()},
        "cold": cold,
    }


def _distinct(values: Array, parts: Mapping[str, Rows]) -> dict[str, int]:
    return {name: len(np.unique(values[rows])) for name, rows in parts.items()}


def _share_outside(values: Array, seen: Array) -> float | None:
    """The share of values (n,) that are not among those seen; None of no values."""
    return float((~np.isin(values, seen)).mean()) if len(values) else None
