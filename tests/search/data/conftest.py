"""Data for the tests of this folder: tiny by hand, and real where it is at hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from search.data.schema import Dataset, Feature, Schema
from search.data.sources import load


@pytest.fixture
def tiny() -> Dataset:
    """Six interactions of three users with four films, one of which nobody watches."""
    return Dataset(
        name="tiny",
        schema=Schema(
            features=(
                Feature("user", "id", "query"),
                Feature("when", "time", "query"),
                Feature("age", "number", "query"),
                Feature("film", "id", "candidate"),
                Feature("title", "text", "candidate"),
            ),
            candidate="film",
            user="user",
            time="when",
        ),
        interactions={
            "user": np.array(["ann", "bob", "ann", "cay", "bob", "ann"], object),
            "when": np.array([50, 10, 30, 40, 20, 60], np.int64),
            "age": np.array([30.0, 50.0, 30.0, np.nan, 50.0, 30.0]),
            "film": np.array(["f1", "f2", "f2", "f3", "f1", "f3"], object),
        },
        candidates={
            "film": np.array(["f1", "f2", "f3", "f4"], object),
            "title": np.array(["The Red Sea", "", "Red, red!", "Unseen"], object),
        },
        licence="public domain",
    )


@pytest.fixture(scope="session")
def movielens_100k(tfds_dir: Path) -> Dataset:
    """MovieLens 100K, read once."""
    return load("movielens/100k", tfds_dir)
