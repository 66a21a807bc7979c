"""An encoder learns from training values alone and is the same when built again from its state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.data import encoders
from search.data.schema import Array, Column, Feature, Kind
from search.tensorflow import keras, tf
from spaces.errors import InputError


def texts(*values: str) -> Array:
    return np.array(values, object)


def fitted(kind: Kind, values: Array, **limits: Any) -> encoders.Encoder:
    """An encoder of the feature "x", built from a state that has been JSON in between."""
    state = encoders.fit(Feature("x", kind, "query", **limits), values)
    return encoders.build(json.loads(json.dumps(state)))


def encoded(encoder: encoders.Encoder, values: Any) -> dict[str, list[Any]]:
    return {name: column.numpy().tolist() for name, column in encoder(tf.constant(values)).items()}


@pytest.mark.parametrize("kind", ["id", "category"])
def test_ids_are_numbered_in_sorted_order_whatever_their_frequency(kind: Kind) -> None:
    encoder = fitted(kind, texts("b", "c", "c", "a", "c"))
    assert encoder.columns == (Column("x", "query", "index", rows=4),)
    assert encoded(encoder, texts("a", "b", "c")) == {"x": [1, 2, 3]}


def test_unseen_and_missing_ids_are_index_0() -> None:
    encoder = fitted("id", texts("a", "", "[UNK]"))
    assert encoded(encoder, texts("", "new", "[UNK]", "a")) == {"x": [0, 0, 1, 2]}


def test_of_a_limited_vocabulary_the_most_frequent_ids_are_kept() -> None:
    encoder = fitted("id", texts("b", "c", "c", "a", "a", "d"), vocabulary=2)
    assert encoded(encoder, texts("a", "b", "c")) == {"x": [1, 0, 2]}


def test_hashed_ids_share_rows_and_only_a_missing_one_is_0() -> None:
    encoder = fitted("id", texts("a"), hashing=3)
    assert encoder.columns == (Column("x", "query", "index", rows=4),)
    rows = encoded(encoder, texts("", *map(str, range(100))))["x"]
    assert (rows[0], set(rows[1:])) == (0, {1, 2, 3})


def test_text_becomes_numbers_of_lower_case_words_without_punctuation() -> None:
    encoder = fitted("text", texts("The Red Sea", "Red, red!", ""))
    assert encoder.columns == (Column("x", "query", "tokens", rows=5),)  # none, unseen, 3 words
    assert encoded(encoder, texts("sea the", "RED", "blue sea", "")) == {
        "x": [[3, 4], [2, 0], [1, 3], [0, 0]]
    }


def test_only_the_most_frequent_words_have_a_number() -> None:
    rare, frequent = [f"r{n}" for n in range(10_000)], [f"f{n}" for n in range(9_998)]
    encoder = fitted("text", texts(" ".join(rare), " ".join(frequent), " ".join(frequent)))
    assert encoder.columns[0].rows == 10_000
    assert encoded(encoder, texts("f0 f9997 r0"))["x"][0][2] == 1
    assert min(encoded(encoder, texts("f0 f9997"))["x"][0]) > 1


def test_numbers_are_scaled_by_mean_and_variance_and_missing_ones_are_the_mean() -> None:
    encoder = fitted("number", np.array([1.0, 3.0, np.nan]))
    assert encoder.columns == (Column("x", "query", "scaled"),)
    assert encoded(encoder, np.array([1.0, 2.0, 4.0, np.nan])) == {"x": [-1.0, 0.0, 2.0, 0.0]}


def test_times_are_scaled_and_put_into_a_thousand_even_buckets() -> None:
    encoder = fitted("time", np.array([0, 999], np.int64))
    bucket, scaled = encoder.columns
    assert bucket == Column("x.bucket", "query", "index", rows=1001)
    assert scaled == Column("x.scaled", "query", "scaled")
    got = encoded(encoder, np.array([-5, 0, 1, 500, 999, 2000], np.int64))
    assert got["x.bucket"] == [1, 1, 2, 501, 1000, 1000]
    assert got["x.scaled"][4] == pytest.approx(1.0)


def test_a_time_outside_the_trained_range_is_its_first_or_last() -> None:
    encoder = fitted("time", np.array([1_000, 2_000], np.int64))
    outside, ends = (encoded(encoder, np.array(t, np.int64)) for t in ([0, 9**11], [1_000, 2_000]))
    assert outside == ends


def test_a_constant_time_has_one_bucket_and_finite_values() -> None:
    encoder = fitted("time", np.array([7, 7], np.int64))
    assert encoded(encoder, np.array([6, 7], np.int64))["x.bucket"] == [1, 1]
    assert np.isfinite(encoded(encoder, np.array([7], np.int64))["x.scaled"]).all()


def test_time_buckets_are_those_of_the_tutorials_layers() -> None:
    times = np.random.default_rng(0).integers(874_724_710, 893_286_638, 10_000)
    boundaries = np.linspace(times.min(), times.max(), num=1000)
    bucket = keras.layers.Discretization(boundaries.tolist())
    normalize = keras.layers.Normalization(axis=None)
    normalize.adapt(times)
    got = fitted("time", times)(tf.constant(times))
    np.testing.assert_array_equal(got["x.bucket"], bucket(times))
    np.testing.assert_allclose(got["x.scaled"], normalize(times), atol=1e-3)


def test_hours_and_weekdays_are_those_of_the_clock_in_utc_and_0_where_a_time_is_missing() -> None:
    days = ["1970-01-01T00:00:00", "2024-02-29T23:59:59", "1969-12-31T23:59:59", "2024-03-03T12:00"]
    times = np.array(days, "datetime64[s]").astype(np.int64)  # a Thursday, Thursday, Wednesday...
    hour, weekday = fitted("hour", times), fitted("weekday", times)
    assert hour.columns == (Column("x", "query", "index", rows=25),)
    assert weekday.columns == (Column("x", "query", "index", rows=8),)
    asked = np.append(times.astype(np.float64), np.nan)
    assert encoded(hour, asked) == {"x": [1, 24, 24, 13, 0]}
    assert encoded(weekday, asked) == {"x": [4, 4, 3, 7, 0]}
    assert encoded(hour, times) == {"x": [1, 24, 24, 13]}


def test_tags_are_taken_apart_at_the_separator_alone() -> None:
    encoder = fitted("tags", texts("Sci-Fi|Film noir", "Film noir| War ", "", "[UNK]"))
    assert encoder.columns == (Column("x", "query", "tokens", rows=5),)  # none, unseen, 3 tags
    assert encoded(encoder, texts("War|Sci-Fi", "Film noir", "war", "")) == {
        "x": [[4, 3], [2, 0], [1, 0], [0, 0]]
    }
    divided = fitted("tags", texts("a, b,a", "c|d"), separator=",")
    assert encoded(divided, texts("b,c|d,x")) == {"x": [[3, 4, 1]]}


@pytest.mark.parametrize(
    ("kind", "values"),
    [("id", texts("", "")), ("text", texts("...", "")), ("number", np.array([np.nan, np.nan]))],
)
def test_a_feature_with_nothing_to_learn_from_is_refused(kind: Kind, values: Array) -> None:
    message = f"x: a feature of kind {kind} needs a value to learn from in the training part, got"
    with pytest.raises(InputError, match=message):
        encoders.fit(Feature("x", kind, "query"), values)


def test_encoders_travel_in_a_saved_model(tmp_path: Path) -> None:
    module = tf.Module()
    module.ids = fitted("id", texts("a", "b"))
    module.words = fitted("text", texts("red sea"))
    module.times = fitted("time", np.array([0, 999], np.int64))

    def serve(x: Any, t: Any) -> Any:
        return {"id": module.ids(x)["x"], "words": module.words(x)["x"], **module.times(t)}

    signature = (tf.TensorSpec([None], tf.string), tf.TensorSpec([None], tf.int64))
    module.serve = tf.function(serve, input_signature=signature)
    raw = (tf.constant(["b", "red", ""]), tf.constant([5, 500, 2000], tf.int64))
    tf.saved_model.save(module, str(tmp_path))
    served = tf.saved_model.load(str(tmp_path)).serve(*raw)
    for name, column in serve(*raw).items():
        np.testing.assert_array_equal(served[name], column)
