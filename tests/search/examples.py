"""A dataset small enough to train on in a second, and the configurations that train on it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt

from search.data.encoded import EncodedData
from search.data.schema import Column
from search.tensorflow import tf
from search.towers.knobs import Knobs
from search.towers.model import TwoTower
from search.towers.weights import initialise
from search.training.trainer import Trainer
from spaces import TowerConfig

__all__ = [
    "BATCH",
    "DATA",
    "USERS",
    "after",
    "batch",
    "config",
    "encoded",
    "knobs_of",
    "model",
    "numpy_of",
    "vectors",
]

USERS, CANDIDATES, INTERACTIONS, TRAIN = 40, 30, 600, 480
_TASTES = 5


def after(asked: int) -> Callable[[], bool]:
    """What tells a worker to stop once it has asked so often."""
    calls = count()
    return lambda: next(calls) >= asked


def encoded(seed: int = 0) -> EncodedData:
    """Users who take 9 in 10 candidates from the fifth of the catalogue that they like."""
    random = np.random.default_rng(seed)
    users = random.integers(USERS, size=INTERACTIONS).astype(np.int32)
    liked = random.integers(CANDIDATES // _TASTES, size=INTERACTIONS) * _TASTES + users % _TASTES
    other = random.integers(CANDIDATES, size=INTERACTIONS)
    positives = np.where(random.random(INTERACTIONS) < 0.9, liked, other).astype(np.int32)
    rows = random.permutation(INTERACTIONS)
    return EncodedData(
        fingerprint="tiny",
        columns=(
            Column("user", "query", "index", USERS + 1),
            Column("when.bucket", "query", "index", 4),
            Column("when.scaled", "query", "scaled"),
            Column("film", "candidate", "index", CANDIDATES + 1),
            Column("title", "candidate", "tokens", 12),
        ),
        queries={
            "user": users + 1,
            "when.bucket": random.integers(4, size=INTERACTIONS).astype(np.int32),
            "when.scaled": random.normal(size=INTERACTIONS).astype(np.float32),
        },
        candidates={
            "film": np.arange(1, CANDIDATES + 1, dtype=np.int32),
            "title": random.integers(12, size=(CANDIDATES, 3)).astype(np.int32),
        },
        positives=positives,
        users=users,
        parts={
            "train": np.sort(rows[:TRAIN]),
            "validation": np.sort(rows[TRAIN:]),
            "test": rows[:0],
        },
        candidate_ids=np.array([f"f{n:02}" for n in range(CANDIDATES)]),
        counts=np.bincount(positives[rows[:TRAIN]], minlength=CANDIDATES),
        encoders=(),
        summary={},
    )


def config(**given: Any) -> TowerConfig:
    """One linear layer of four units and batches of 100, unless something else is given."""
    depth = {} if "query_depth" in given else {"depth": 1}
    small = {"output_dim": 4, "embedding_dim": 4, "batch_size": 100, "epochs": 3, "patience": 0}
    return TowerConfig(**{**depth, **small, **given})


def model(seed: int = 1, step: int = 0, **given: Any) -> TwoTower:
    """The untrained two-tower model of a configuration, its weights large enough to matter."""
    settings = config(**given)
    knobs = knobs_of(settings, seed, step)
    two_tower = TwoTower(DATA, settings, knobs)
    vectors(two_tower, BATCH)
    initialise(two_tower.trainable_variables, seed)
    for weight in two_tower.trainable_variables:
        weight.assign(weight * 10.0)
    return two_tower


def knobs_of(settings: TowerConfig, seed: int = 1, step: int = 0) -> Knobs:
    """The scalars of a configuration, at a step."""
    knobs = Knobs(tf.Variable(step, trainable=False))
    knobs.set(settings, seed)
    return knobs


def batch(rows: Any, data: EncodedData | None = None) -> tuple[dict[str, Any], Any]:
    """Interactions as the model takes them, by row: query columns and positives."""
    data = data or DATA
    columns = {name: tf.constant(column[rows]) for name, column in data.queries.items()}
    return columns, tf.constant(data.positives[rows])


def vectors(two_tower: TwoTower, inputs: tuple[dict[str, Any], Any]) -> tuple[Any, Any]:
    """What evaluation sees of a model: the batch's query vectors, and all candidate vectors."""
    catalogue = {name: tf.constant(column) for name, column in DATA.candidates.items()}
    return (
        two_tower.query_tower(inputs[0]).numpy(),
        two_tower.candidate_tower(catalogue).numpy(),
    )


def numpy_of(trainer: Trainer) -> list[npt.NDArray[np.float32]]:
    """The trainer's weights."""
    return [weight.numpy() for weight in trainer.model.trainable_variables]


DATA = encoded()
BATCH = batch(DATA.parts["train"][:20])
