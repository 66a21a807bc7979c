"""What several commands share: their options, and what these stand for."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from search.records import StudyRecord
    from search.storage import Place
    from search.study import Study

__all__ = [
    "Artifacts",
    "DataDir",
    "Json",
    "Name",
    "Report",
    "Storage",
    "Timeout",
    "Trials",
    "Workers",
    "command_line",
    "open_study",
    "place_of",
    "read_study",
    "threads_for",
]

Storage = Annotated[
    str | None,
    typer.Option(
        help="sqlite:///FILE, journal:FILE or a database's URL; else TOWERSEARCH_STORAGE, else sqlite:///towersearch.db."
    ),
]
Artifacts = Annotated[
    Path | None,
    typer.Option(help="Folder for checkpoints and encoded data; else beside the storage."),
]
DataDir = Annotated[
    Path | None, typer.Option(help="Folder of TensorFlow Datasets; else TFDS_DATA_DIR.")
]
Name = Annotated[str, typer.Argument(help="The study's name.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Trials = Annotated[int | None, typer.Option(help="How many trials in all.")]
Timeout = Annotated[float | None, typer.Option(help="Stop after this many seconds.")]
Workers = Annotated[int, typer.Option(help="Processes on this machine.")]
Report = Annotated[
    Path | None, typer.Option(help="The HTML file to write the report to, rewritten as trials end.")
]


def place_of(storage: str | None, artifacts: Path | None = None) -> Place:
    """The storage that an option names, or the environment, or else the default."""
    from search.storage import DEFAULT_STORAGE, Place

    return Place(storage or os.environ.get("TOWERSEARCH_STORAGE") or DEFAULT_STORAGE, artifacts)


def open_study(name: str, place: Place) -> Study:
    """The study to go on with."""
    from search.study import Study

    return Study(place, name)


def read_study(name: str, place: Place) -> StudyRecord:
    """The record of a study that is only read."""
    from search.study import Study

    return Study(place, name, write=False).record()


def threads_for(workers: int) -> int:
    """TensorFlow's threads for each of so many workers."""
    return max(1, len(os.sched_getaffinity(0)) // workers)


def command_line(place: Place) -> str:
    """The command as it was given, but for a password in the storage's URL."""
    given = ["towersearch", *sys.argv[1:]]
    return shlex.join(word.replace(place.url, place.shown) for word in given)
