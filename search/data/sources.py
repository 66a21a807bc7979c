"""Sources: the names that data goes by, and how each is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from search.data import files, packaged, tfds
from search.data.files import Files
from search.data.schema import Dataset
from spaces.errors import InputError

__all__ = ["SOURCES", "load"]

SOURCES: Mapping[str, str] = {
    "movielens-small": "100,004 ratings of 9,066 films by 671 users, embedded (extra demo)",
    "movielens/100k": "100,000 ratings of 1,664 titles by 943 users, the tutorial's data (TFDS)",
    "movielens/1m": "1,000,209 ratings of 3,883 films by 6,040 users (TFDS)",
    "movielens/20m": "20,000,263 ratings of 27,278 films by 138,493 users (TFDS)",
    "movielens/25m": "25,000,095 ratings of 62,423 films by 162,541 users (TFDS)",
    "movielens/latest-small": "100,836 ratings of 9,742 films by 610 users (TFDS)",
}


def load(source: str | Files, data_dir: Path | None = None) -> Dataset:
    """Load a source by name, or the user's own files.

    `data_dir` is where TensorFlow Datasets' folders are looked for. An unknown name, a package that
    is missing, and data that is neither on this machine nor to be had from the network are
    InputErrors.
    """
    if isinstance(source, Files):
        return files.load(source, data_dir)
    if source not in SOURCES:
        raise InputError(
            f"source: must be one of {', '.join(SOURCES)}, or a file or tfds:NAME of interactions "
            f"with its [data.features] (`towersearch data FILE`), got {source!r}."
        )
    return packaged.load() if source == "movielens-small" else tfds.load(source, data_dir)
