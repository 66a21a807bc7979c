"""The layers in the served model encode a raw query as the training data was encoded."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from search.data import encoders
from search.data.encoding import in_bulk
from search.data.schema import Feature
from search.serving.recommender import QueryTower
from search.tensorflow import tf

FEATURES = (
    Feature("user", "id", "query"),
    Feature("group", "category", "query", vocabulary=2),
    Feature("device", "id", "query", hashing=5),
    Feature("words", "text", "query", column="user"),
    Feature("when", "time", "query"),
    Feature("age", "number", "query"),
    Feature("hour", "hour", "query", column="when"),
    Feature("weekday", "weekday", "query", column="when"),
    Feature("tags", "tags", "query", column="group", separator=","),
)
TRAIN: dict[str, Any] = {
    "user": np.array(["ann lee", "боб", "花子", "ann lee"], object),
    "group": np.array(["a", "b", "b", ""], object),
    "device": np.array(["x", "y", "", "z"], object),
    "when": np.array([881_250_949, 881_260_000, 881_250_949, 882_000_000]),
    "age": np.array([30.0, 50.0, 30.0, np.nan]),
}
TEXT = st.text(max_size=12) | st.sampled_from(["", "ann lee", "боб", "Ann, LEE!", "b", "y"])
ROWS = st.tuples(
    TEXT,
    TEXT,
    TEXT,
    st.integers(-(2**40), 2**40) | st.sampled_from(TRAIN["when"].tolist()),
    st.floats(allow_infinity=False, width=32),
)


@cache
def layers() -> tuple[list[Any], Any]:
    """The encoders, and the served model's own, compiled as they are there."""
    states = [encoders.fit(feature, TRAIN[feature.source]) for feature in FEATURES]
    return [encoders.build(state) for state in states], tf.function(
        QueryTower(states, None).columns
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=8))
def test_bulk_encoding_is_what_the_served_layers_do(rows: list[Any]) -> None:
    users, groups, devices, times, ages = zip(*rows, strict=True)
    texts = {"user": users, "group": groups, "device": devices}
    raw: dict[str, Any] = {name: np.array(values, object) for name, values in texts.items()}
    raw |= {"when": np.array(times, np.int64), "age": np.array(ages)}
    bulk, served = layers()
    got = served(
        {
            name: tf.constant(values, tf.string if name in texts else tf.float64)
            for name, values in raw.items()
        }
    )
    expected: dict[str, Any] = {}
    for feature, encoder in zip(FEATURES, bulk, strict=True):
        expected |= in_bulk(encoder, raw[feature.source])
    assert got.keys() == expected.keys()
    for name, column in expected.items():
        assert _unpadded(got[name].numpy()) == _unpadded(column), name


def _unpadded(column: Any) -> list[Any]:
    """Each row's value, or its tokens without the padding, which depends on the batch."""
    return [np.trim_zeros(row, "b").tolist() if row.ndim else float(row) for row in column]
