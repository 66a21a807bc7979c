"""MovieLens from a prepared folder; without one, the network, and without that a sentence."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.data import tfds
from search.data.schema import Dataset, Feature
from spaces.errors import InputError

KINDS: dict[str, Any] = {"bucketized_user_age": np.float32, "user_gender": bool}


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without data, which no variable points away from."""
    monkeypatch.delenv("TFDS_DATA_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_movielens_100k_is_by_title_in_the_order_of_the_records(movielens_100k: Dataset) -> None:
    data = movielens_100k
    assert len(data.interactions["user_id"]) == 100_000
    assert {name: column[0] for name, column in data.interactions.items()} == {
        "user_id": "138",
        "timestamp": 879_024_327,
        "movie_title": "One Flew Over the Cuckoo's Nest (1975)",
        "age": 46.0,
        "gender": "male",
        "occupation": "doctor",
    }
    star_wars = data.candidates["movie_title"].tolist().index("Star Wars (1977)")
    assert data.candidates["year"][star_wars] == "1977"
    assert data.candidates["genres"][star_wars] == "Action|Adventure|Romance|Sci-Fi|War"
    assert data.interactions["timestamp"].dtype == np.int64
    assert len(data.candidates["movie_title"]) == len(set(data.candidates["movie_title"])) == 1_664
    assert data.schema.candidate == "movie_title"


def test_reading_says_nothing_and_writes_nothing(
    tfds_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = sorted(tfds_dir.rglob("*"))
    films = tfds._columns("movielens/100k-movies", ("movie_id", "movie_title"), [tfds_dir])
    assert len(films["movie_id"]) == 1_682
    assert sorted(tfds_dir.rglob("*")) == before
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, nowhere: Path) -> Path:
    """Three ratings of two films in place of the records of every folder."""
    columns: dict[str, Any] = {
        "movie_id": ["7", "7", "9"],
        "movie_title": ["Heat (1995) (V)", "Heat (1995) (V)", "Ran"],
        "movie_genres": ["Crime", "Crime", "Drama|War"],
        "bucketized_user_age": [25.0, 35.0, 25.0],
        "user_gender": [True, False, True],
        "user_occupation_text": ["lawyer", "artist", "lawyer"],
        "user_id": ["1", "2", "1"],
        "timestamp": [10, 20, 30],
    }

    def read(_: Path, wanted: tuple[str, ...]) -> dict[str, Any]:
        return {name: np.array(columns[name], KINDS.get(name, object)) for name in wanted}

    monkeypatch.setattr(tfds, "_read", read)
    for part in ("movies", "ratings"):
        info = nowhere / "movielens" / f"1m-{part}" / "0.1.1" / "dataset_info.json"
        info.parent.mkdir(parents=True)
        info.touch()
    return nowhere


def test_other_sizes_are_by_film_id_with_the_title_as_text(small: Path) -> None:
    data = tfds.load("movielens/1m", small)
    assert data.schema.candidate == "movie_id"
    assert Feature("title", "text", "candidate", "movie_title") in data.schema.features
    assert data.interactions["movie_id"].tolist() == ["7", "7", "9"]
    assert {name: column.tolist() for name, column in data.candidates.items()} == {
        "movie_id": ["7", "9"],
        "movie_title": ["Heat (1995) (V)", "Ran"],
        "year": ["1995", ""],
        "genres": ["Crime", "Drama|War"],
    }
    assert data.interactions["gender"].tolist() == ["male", "female", "male"]
    assert data.interactions["age"].tolist() == [25.0, 35.0, 25.0]


def test_sizes_that_describe_no_users_offer_none_of_their_features(small: Path) -> None:
    (small / "movielens" / "1m-movies").rename(small / "movielens" / "20m-movies")
    (small / "movielens" / "1m-ratings").rename(small / "movielens" / "20m-ratings")
    data = tfds.load("movielens/20m", small)
    optional = [feature.name for feature in data.schema.features if feature.optional]
    assert optional == ["hour", "weekday", "year", "genres"]


def test_the_newest_version_of_the_first_place_is_read(tmp_path: Path) -> None:
    for place, version in (("a", "0.1.1"), ("a", "0.1.10"), ("b", "2.0.0")):
        folder = tmp_path / place / "movielens" / "1m-movies" / version
        folder.mkdir(parents=True)
        (folder / "dataset_info.json").touch()
    found = tfds.prepared(
        "movielens/1m-movies", [tmp_path / "none", tmp_path / "a", tmp_path / "b"]
    )
    assert found == tmp_path / "a" / "movielens" / "1m-movies" / "0.1.10"


def test_the_data_dir_comes_before_the_variable_and_the_default(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TFDS_DATA_DIR", "/variable")
    default = nowhere / "tensorflow_datasets"
    assert tfds.places(Path("/given")) == [Path("/given"), Path("/variable"), default]


def test_without_folder_and_network_one_sentence_says_what_to_do(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        host = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    monkeypatch.setattr(tfds, "_HOST", host)
    message = (
        "movielens/1m-movies: no prepared folder was found and .* does not answer; name one with "
        "--data-dir or TFDS_DATA_DIR, or use the embedded source movielens-small."
    )
    with pytest.raises(InputError, match=message):
        tfds.load("movielens/1m", nowhere)


def test_a_host_that_keeps_silent_is_given_up(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tfds, "_PATIENCE", 0.2)
    monkeypatch.setattr(tfds, "_answers", lambda _: time.sleep(1))
    started = time.monotonic()
    with pytest.raises(InputError, match="does not answer"):
        tfds.load("movielens/1m", nowhere)
    assert time.monotonic() - started < 0.9


def test_a_download_that_fails_is_one_sentence_too(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tensorflow_datasets

    def builder(*_: Any, **__: Any) -> Any:
        raise PermissionError("read-only\nand more")

    monkeypatch.setattr(tfds, "_answers", lambda _: True)
    monkeypatch.setattr(tensorflow_datasets, "builder", builder)
    with pytest.raises(InputError, match=r"its download into .* failed \(read-only\); name one"):
        tfds.load("movielens/1m", nowhere)


def test_a_damaged_folder_is_named(nowhere: Path) -> None:
    folder = nowhere / "movielens" / "1m-movies" / "0.1.1"
    folder.mkdir(parents=True)
    (folder / "dataset_info.json").write_text("{")
    with pytest.raises(InputError, match=f"{folder}: must be a whole folder .* prepare it again"):
        tfds.load("movielens/1m", nowhere)
