"""A prepared dataset of TensorFlow Datasets is a table of the user's own data like a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from search.data.facts import facts
from search.data.files import Files, load
from search.data.schema import Feature
from search.data.tfds_tables import open_table
from spaces.errors import InputError

RATINGS, FILMS = "tfds:movielens/100k-ratings", "tfds:movielens/100k-movies"
FEATURES = (
    Feature("user", "id", "query", column="user_id"),
    Feature("job", "category", "query", column="user_occupation_text"),
    Feature("age", "number", "query", column="raw_user_age"),
    Feature("when", "time", "query", column="timestamp"),
    Feature("film", "id", "candidate", column="movie_id"),
    Feature("title", "text", "candidate", column="movie_title"),
)


def test_any_columns_of_a_prepared_dataset_can_be_features(tfds_dir: Path) -> None:
    files = Files(
        RATINGS, FEATURES, "movie_id", "user_id", "timestamp", FILMS, weight="user_rating"
    )
    data = load(files, tfds_dir)
    first = {name: column[0] for name, column in data.interactions.items()}
    assert first == {
        "user_id": "138",
        "user_occupation_text": "doctor",
        "raw_user_age": 46.0,
        "timestamp": 879_024_327,
        "movie_id": "357",
    }
    assert data.weights is not None
    assert data.weights[0] == 4.0
    told = dict(facts(data))
    assert (told["interactions"], told["users"]) == ("100,000", "943")
    assert told["candidates"] == "1,682, of which 0 without interactions"


def test_lists_are_no_columns(tfds_dir: Path) -> None:
    table = open_table(RATINGS, tfds_dir)
    assert "movie_title" in table.columns
    with pytest.raises(InputError, match="movie_genres: must be a column of tfds:movielens/100k"):
        table.batches(["movie_genres"])


def test_a_dataset_that_is_not_prepared_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TFDS_DATA_DIR", "/variable")
    monkeypatch.setenv("HOME", "/home")
    with pytest.raises(InputError) as refused:
        open_table("tfds:netflix", tmp_path)
    assert str(refused.value) == (
        f"tfds:netflix: must name a dataset that TensorFlow Datasets has prepared in {tmp_path} or "
        "/variable or /home/tensorflow_datasets, got none there; run `tfds build netflix` or name "
        "its folder with --data-dir."
    )


def test_a_damaged_folder_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "shop" / "1.0.0"
    folder.mkdir(parents=True)
    (folder / "dataset_info.json").write_text("{")
    with pytest.raises(InputError, match=f"{folder}: must be a whole folder .* prepare it again"):
        open_table("tfds:shop", tmp_path)
