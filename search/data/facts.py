"""Facts of a dataset that a person checks before searching on it: counts, gaps, repeats, cold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from search.data.schema import Array, Dataset
from search.data.splits import Split, split
from spaces.errors import InputError

__all__ = ["facts"]


def facts(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """What there is to say of a dataset, each with its name.

    Cold is the share of a random split's validation interactions whose candidate or user the
    training part lacks.
    """
    schema, rows = dataset.schema, dataset.interactions
    candidates = dataset.candidates[schema.candidate]
    yield "interactions", f"{len(rows[schema.candidate]):,}"
    if schema.user:
        yield "users", f"{len(pd.unique(rows[schema.user])):,}"
    yield (
        "candidates",
        f"{len(candidates):,}, of which {_untouched(dataset):,} without interactions",
    )
    yield "missing", _missing(dataset)
    yield "repeated", _repeated(dataset)
    yield "cold", _cold(dataset)
    if (weights := dataset.weights) is not None:
        yield "weight", f"{weights.min():g} to {weights.max():g}, {weights.mean():g} on average"
    if schema.time:
        yield "time", _span(rows[schema.time])


def _untouched(dataset: Dataset) -> int:
    name = dataset.schema.candidate
    seen = pd.unique(dataset.interactions[name])
    return int((~pd.Series(dataset.candidates[name], dtype=object).isin(seen)).sum())


def _missing(dataset: Dataset) -> str:
    counts = {
        name: int((values == "").sum() if values.dtype == object else np.isnan(values).sum())
        for side in (dataset.interactions, dataset.candidates)
        for name, values in side.items()
    }
    return ", ".join(f"{name} {n:,}" for name, n in counts.items() if n) or "nothing"


def _repeated(dataset: Dataset) -> str:
    schema = dataset.schema
    if not schema.user:
        return "unknown without a user column"
    pairs = pd.DataFrame(
        {
            name: pd.factorize(dataset.interactions[name])[0]
            for name in (schema.user, schema.candidate)
        }
    )
    repeated = int(pairs.duplicated().sum())
    return f"{repeated:,} of the interactions are of a user with the same candidate again"


def _cold(dataset: Dataset) -> str:
    try:
        parts = split(dataset, Split())
    except InputError:
        return "unknown: too few interactions for a random split"
    roles = {"candidate": dataset.schema.candidate, "user": dataset.schema.user}
    shares = [
        f"{_share_new(dataset.interactions[name], parts['train'], parts['validation']):.1%} have a "
        f"{role}"
        for role, name in roles.items()
        if name
    ]
    return f"of the validation interactions {', '.join(shares)} that training never saw"


def _share_new(values: Array, train: Array, validation: Array) -> float:
    codes = pd.factorize(values)[0]
    return float((~np.isin(codes[validation], codes[train])).mean())


def _span(times: Array) -> str:
    present = times[~np.isnan(times)]
    if not len(present):
        return "all missing"
    first, last = (datetime.fromtimestamp(float(t), UTC) for t in (present.min(), present.max()))
    return f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"
