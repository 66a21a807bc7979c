"""MovieLens from TensorFlow Datasets: a prepared folder first, the network only without one."""

from __future__ import annotations

import logging
import os
import re
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError

import numpy as np

from search.data.movielens import OF_FILMS, OF_TIMES, OF_USERS
from search.data.schema import Array, Dataset, Feature, Schema
from spaces.errors import InputError

__all__ = ["load", "places", "prepared", "quiet_tfds", "unreadable"]

_HOST = "https://files.grouplens.org/"
_PATIENCE = 8.0  # seconds in which the host must answer
_BATCH = 100_000
_QUERY = (Feature("user_id", "id", "query"), Feature("timestamp", "time", "query"), *OF_TIMES)
_BY_ID = (
    Feature("movie_id", "id", "candidate"),
    Feature("title", "text", "candidate", column="movie_title"),
)
_ABOUT_USERS = {
    f"movielens/{size}": {"age": age, "gender": "user_gender", "occupation": "user_occupation_text"}
    for size, age in (("100k", "raw_user_age"), ("1m", "bucketized_user_age"))
}
_BY_TITLE = (
    Feature("movie_title", "id", "candidate"),
    Feature("title", "text", "candidate", column="movie_title"),
)


def load(source: str, data_dir: Path | None = None) -> Dataset:
    """`movielens/<size>`, ratings in the order of TensorFlow Datasets' records.

    A prepared folder is looked for in `data_dir`, in TFDS_DATA_DIR and in TensorFlow Datasets' own
    place, and only read; where none has it, it is downloaded into the first of these. A candidate
    is a film by its id, but in `movielens/100k` by its title, as in the tutorial. Data that is
    neither there nor to be downloaded is an InputError. Users are described in the sizes 100k and
    1m, in which ages are those at which seven ranges begin.
    """
    by_title = source == "movielens/100k"
    key = "movie_title" if by_title else "movie_id"
    about = _ABOUT_USERS.get(source, {})
    where = places(data_dir)
    films = _columns(f"{source}-movies", ("movie_id", "movie_title", "movie_genres"), where)
    ratings = _columns(f"{source}-ratings", ("user_id", "timestamp", key, *about.values()), where)
    films = {"year": _years(films["movie_title"]), "genres": films.pop("movie_genres"), **films}
    ratings |= {name: _described(ratings.pop(column)) for name, column in about.items()}
    _, first = np.unique(films[key], return_index=True)
    query = _QUERY + OF_USERS if about else _QUERY
    candidate = (_BY_TITLE if by_title else _BY_ID) + OF_FILMS
    return Dataset(
        name=source,
        schema=Schema(query + candidate, candidate=key, user="user_id", time="timestamp"),
        interactions=ratings,
        candidates={name: values[np.sort(first)] for name, values in films.items()},
        licence="GroupLens' terms: for research, with acknowledgement, not to be redistributed",
    )


def _years(titles: Array) -> Array:
    """The years in brackets near the titles' ends, "" where there is none."""
    found = [re.findall(r"\((\d{4})\)", title) for title in titles.tolist()]
    return np.array([years[-1] if years else "" for years in found], object)


def _described(values: Array) -> Array:
    """Genders as text, which TensorFlow Datasets has as whether a user is male; ages as float64."""
    if values.dtype == bool:
        return np.where(values, "male", "female").astype(object)
    return values if values.dtype == object else values.astype(np.float64)


def places(data_dir: Path | None) -> list[Path]:
    """Where prepared datasets are looked for, first to last."""
    named = [data_dir, os.environ.get("TFDS_DATA_DIR"), "~/tensorflow_datasets"]
    return [Path(place).expanduser() for place in named if place]


def prepared(name: str, where: Sequence[Path]) -> Path | None:
    """The folder of the newest prepared version in the first place that has one."""
    for place in where:
        found = [info.parent for info in (place / name).glob("*/dataset_info.json")]
        if found:
            return max(found, key=lambda folder: [int(n) for n in re.findall(r"\d+", folder.name)])
    return None


@contextmanager
def quiet_tfds() -> Iterator[Any]:
    """TensorFlow Datasets without progress bars and its warnings about itself."""
    import search.tensorflow  # noqa: F401  Keras 2 is chosen before TensorFlow loads

    # isort: split
    import tensorflow_datasets as tfds

    logger = logging.getLogger("absl")
    level = logger.level
    logger.setLevel(logging.ERROR)
    tfds.disable_progress_bar()
    try:
        yield tfds
    finally:
        logger.setLevel(level)


def unreadable(folder: Path, error: Exception) -> InputError:
    """What to say of a prepared folder that TensorFlow Datasets cannot read."""
    return InputError(
        f"{folder}: must be a whole folder prepared by TensorFlow Datasets, and cannot be "
        f"read{_why(error)}; prepare it again."
    )


def _columns(name: str, wanted: Sequence[str], where: Sequence[Path]) -> dict[str, Array]:
    """The wanted columns of a dataset."""
    folder = prepared(name, where)
    if folder is None:
        _check_reachable(name)
        folder = _download(name, where[0])
    return _read(folder, wanted)


def _check_reachable(name: str) -> None:
    """Ask the host for a sign of life: without one a download would try again for minutes."""
    answers: list[bool] = []
    asking = Thread(target=lambda: answers.append(_answers(_HOST)), daemon=True)
    asking.start()
    asking.join(_PATIENCE)  # looking a name up knows no time limit of its own
    if not any(answers):
        raise _unavailable(name, f"{_HOST} does not answer")


def _answers(host: str) -> bool:
    question = urllib.request.Request(host, method="HEAD")
    try:
        urllib.request.urlopen(question, timeout=_PATIENCE).close()
    except HTTPError as refusal:
        refusal.close()
    except (OSError, HTTPException):
        return False
    return True


def _download(name: str, place: Path) -> Path:
    try:
        with quiet_tfds() as tfds:
            builder = tfds.builder(name, data_dir=place)
            builder.download_and_prepare()
    except Exception as error:  # of many kinds: network, disk, checksums
        raise _unavailable(name, f"its download into {place} failed{_why(error)}") from error
    return Path(builder.data_dir)


def _unavailable(name: str, why: str) -> InputError:
    return InputError(
        f"{name}: no prepared folder was found and {why}; name one with --data-dir or "
        "TFDS_DATA_DIR, or use the embedded source movielens-small."
    )


def _why(error: Exception) -> str:
    first = str(error).strip().partition("\n")[0].rstrip(".")
    return f" ({first})" if first else ""


def _read(folder: Path, wanted: Sequence[str]) -> dict[str, Array]:
    """Columns in the order of the records; text as str, times as int64, several labels joined."""
    try:
        with quiet_tfds() as tfds:
            builder = tfds.builder_from_directory(folder)
            only = tfds.decode.PartialDecoding(dict.fromkeys(wanted, True))
            features = {name: builder.info.features[name] for name in wanted}
            records = builder.as_dataset(split="train", decoders=only)
            batches = list(tfds.as_numpy(_labels_joined(records, features).batch(_BATCH)))
    except Exception as error:  # of many kinds: files, records, features
        raise unreadable(folder, error) from error
    return {name: _decoded(np.concatenate([b[name] for b in batches])) for name in wanted}


def _labels_joined(records: Any, features: Mapping[str, Any]) -> Any:
    """The records with one text, "A|B", in place of a feature of several labels."""
    from search.tensorflow import tf

    labels = {
        name: tf.constant(feature.feature.names)
        for name, feature in features.items()
        if hasattr(feature, "feature")
    }

    def join(record: dict[str, Any]) -> dict[str, Any]:
        return record | {
            name: tf.strings.reduce_join(tf.gather(known, record[name]), separator="|")
            for name, known in labels.items()
        }

    return records.map(join) if labels else records


def _decoded(values: Array) -> Array:
    if values.dtype != object:
        return values
    return np.array([value.decode() for value in values.tolist()], object)
