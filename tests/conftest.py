"""A small study that trains in a moment, and the command line on it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from search import cli
from search.data.schema import Dataset
from search.resolve import resolve
from search.spec import StudySpec
from search.storage import Place
from search.training.threads import use_threads
from tests.films import films as films_dataset

Towersearch = Callable[..., tuple[int, str, str]]

use_threads(1)  # a process takes the number once

SPACE: dict[str, Any] = {
    "depth": {"integer": [1, 3]},
    "width": {"choice": [4, 8]},
    "optimizer": {"choice": ["adam", "sgd"]},
    "learning_rate": {"real": [0.001, 0.1], "log": True},
    "momentum": {"real": [0.0, 0.9]},
    "output_dim": 4,
    "embedding_dim": 4,
    "batch_size": 64,
    "epochs": 3,
    "dropout": 0.1,
}


@pytest.fixture(scope="session")
def films() -> Dataset:
    return films_dataset()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(f"sqlite:///{tmp_path}/studies.db")


@pytest.fixture
def small(films: Dataset, monkeypatch: pytest.MonkeyPatch) -> Callable[..., StudySpec]:
    """Makes specs of studies on the small data, whatever source they name."""
    monkeypatch.setattr("search.run.load", lambda source, data_dir: films)

    def make(**study: Any) -> StudySpec:
        defaults = {"name": "small", "objective": "top_5_accuracy", "trials": 3, "pruner": "none"}
        return resolve({"study": defaults | study, "space": SPACE})

    return make


@pytest.fixture
def towersearch(
    tmp_path: Path,
    films: Dataset,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Towersearch:
    """Runs the command line in an empty folder: status, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TOWERSEARCH_STORAGE", raising=False)
    monkeypatch.setattr("search.run.load", lambda source, data_dir: films)
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {0})

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["towersearch", *arguments])
        usual = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        with pytest.raises(SystemExit) as exited:
            cli.main()
        for number, handler in usual.items():
            signal.signal(number, handler)
        captured = capsys.readouterr()
        return int(exited.value.code or 0), captured.out, captured.err

    return run


@pytest.fixture(scope="session")
def tfds_dir() -> Path:
    """A prepared folder of TensorFlow Datasets with MovieLens 100K, named by TFDS_DATA_DIR."""
    named = os.environ.get("TFDS_DATA_DIR")
    if not named or not (Path(named) / "movielens" / "100k-ratings").is_dir():
        pytest.skip("needs MovieLens 100K in the folder that TFDS_DATA_DIR names")
    return Path(named)
