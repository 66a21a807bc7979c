"""A dataset on which a study trains in a moment, also as a file with its spec."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from search.data.schema import Dataset, Feature, Schema

__all__ = ["SPEC", "films", "write_films"]

SPEC = """
[data]
source = "films.csv"
candidate = "title"
user = "user"
time = "time"

[data.features]
user = { kind = "id", side = "query" }
time = { kind = "time", side = "query" }
title = { kind = "id", side = "candidate" }
words = { kind = "text", side = "candidate", column = "title" }
"""


def films(titles: int = 30) -> Dataset:
    """40 users who like the films of their own kind, of three; `titles` is a multiple of that."""
    rng = np.random.default_rng(0)
    users = rng.integers(0, 40, 600)
    seen = rng.integers(0, titles // 3, 600) * 3 + users % 3
    features = (
        Feature("user", "id", "query"),
        Feature("time", "time", "query"),
        Feature("title", "id", "candidate"),
        Feature("words", "text", "candidate", column="title"),
    )
    return Dataset(
        name="films",
        schema=Schema(features, candidate="title", user="user", time="time"),
        interactions={
            "user": np.array([f"u{user}" for user in users], dtype=object),
            "time": rng.integers(0, 10_000, 600),
            "title": np.array([f"film {title}" for title in seen], dtype=object),
        },
        candidates={"title": np.array([f"film {title}" for title in range(titles)], dtype=object)},
        licence="none",
    )


def write_films(folder: Path) -> None:
    """Write the interactions into the folder, as the file that the spec names."""
    pd.DataFrame(films().interactions).to_csv(folder / "films.csv", index=False)
