"""Exports a model of a million synthetic candidates and measures what it costs to serve it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from search.data import encoders
from search.data.schema import Feature
from search.serving.answers import MANIFEST, MODEL, measured
from search.serving.index import Index
from search.serving.recommender import QueryTower, Recommender, save
from search.tensorflow import keras, tf
from search.training.threads import use_threads

USERS, WIDTH = 100_000, 32


def main(candidates: int) -> None:
    """Print the seconds to load, the milliseconds a query, and the bytes on disk."""
    use_threads(2)
    with TemporaryDirectory() as folder:
        write(Path(folder), candidates)
        print(json.dumps({"candidates": candidates, **measured(Path(folder))}))


def write(folder: Path, candidates: int) -> None:
    """Write a model with one linear layer over a user's embedding."""
    users = np.array([f"user {n}" for n in range(USERS)], object)
    queries = QueryTower([encoders.fit(Feature("user", "id", "query"), users)], _tower())
    queries.vectors(queries.columns({"user": tf.constant(["user 1"])}))
    vectors = tf.random.stateless_normal((candidates, WIDTH), (1, 2))
    ids = [f"item {n}" for n in range(candidates)]
    index = Index("brute_force", vectors, 100)
    save(Recommender(queries, index, ids, 100), folder / MODEL)
    (folder / MANIFEST).write_text(
        json.dumps({"inputs": {"user": "text"}, "k": 100, "unknown_trained": False})
    )


def _tower() -> Any:
    user = keras.Input((), dtype=tf.int32, name="user")
    vectors = keras.layers.Dense(WIDTH)(keras.layers.Embedding(USERS + 1, WIDTH)(user))
    return keras.Model({"user": user}, vectors)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1_000_000)
