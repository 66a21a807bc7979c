"""Encoders: one feature's raw values to model columns, fitted once and rebuilt from plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from search.data.schema import Array, Column, Feature
from search.tensorflow import keras, tf
from spaces.errors import InputError

__all__ = ["Encoder", "State", "build", "fit"]

State = Mapping[str, Any]

_BATCH = 10_000


def fit(feature: Feature, values: Array) -> State:
    """Learn a feature's encoding from raw values (n,); the state is plain JSON data.

    It names the feature (`name`, `kind`, `side`, `column`) and holds, by kind, a sorted
    `vocabulary` (id, category, and the most frequent tokens of text and tags), the number of rows
    that ids share (`hashing`), or the `mean` and `variance` (time, number), with evenly spaced
    `boundaries` for time. Values that are all missing are an InputError.
    """
    present = values[_present(values)]
    learned = _KINDS[feature.kind].learn(feature, present) if len(present) else {}
    if not learned:
        raise InputError(
            f"{feature.name}: a feature of kind {feature.kind} needs a value to learn from in the "
            f"training part, got none in {len(values):,}; fill its column or leave the feature out."
        )
    named = {"name": feature.name, "kind": feature.kind, "side": feature.side}
    return named | {"column": feature.source} | learned


def build(state: State) -> Encoder:
    """The encoder that a state describes."""
    return _KINDS[state["kind"]](state)


class Encoder(keras.layers.Layer):  # type: ignore[misc]
    """Raw values (n,) of one feature to its encoded columns by name, with Keras layers.

    Ids, categories and text are str, "" where missing; times and numbers int64, float32 or
    float64, NaN where missing. An id that training never saw, or a missing one, is index 0 (of
    hashed ids, only the missing one); a missing text has no tokens; a missing time or number is the
    mean, but its hour and weekday are 0. A time before or after the training part's is its first or
    last, except to hours and weekdays.
    """

    def __init__(self, state: State) -> None:
        super().__init__(autocast=False)
        self.feature = state["name"]
        self.side = state["side"]

    @staticmethod
    def learn(feature: Feature, values: Array) -> dict[str, Any]:
        """What encoding needs to know of values, none of them missing; nothing if all are void."""
        raise NotImplementedError

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that `call` gives."""
        raise NotImplementedError

    def call(self, values: tf.Tensor) -> dict[str, tf.Tensor]:
        """The columns of raw values."""
        raise NotImplementedError


class _Id(Encoder):
    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.rows = state.get("hashing") or len(state["vocabulary"])
        self.lookup = _hashing(self.rows) if "hashing" in state else _lookup(state["vocabulary"])

    @staticmethod
    def learn(feature: Feature, values: Array) -> dict[str, Any]:
        if feature.hashing:
            return {"hashing": feature.hashing}
        counts = Counter(values)
        by_frequency = sorted(counts, key=lambda value: (-counts[value], value))
        return {"vocabulary": sorted(by_frequency[: feature.vocabulary or None])}

    @property
    def columns(self) -> tuple[Column, ...]:
        return (Column(self.feature, self.side, "index", self.rows + 1),)

    def call(self, values: tf.Tensor) -> dict[str, tf.Tensor]:
        return {self.feature: tf.cast(self.lookup(values), tf.int32)}


def _lookup(vocabulary: list[str]) -> Any:
    return keras.layers.StringLookup(
        vocabulary=vocabulary,
        mask_token=None,
        oov_token="",  # so that a missing id is out of the vocabulary, whatever the ids
    )


def _hashing(rows: int) -> Any:
    return keras.layers.Hashing(rows + 1, mask_value="")  # the masked one has a row too


class _Text(Encoder):
    """Texts, taken apart into words, and tags."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.vectorize = _vectorization(state.get("separator"), vocabulary=state["vocabulary"])

    @staticmethod
    def learn(feature: Feature, values: Array) -> dict[str, Any]:
        divided = {"separator": feature.separator} if feature.kind == "tags" else {}
        layer = _vectorization(divided.get("separator"), max_tokens=feature.tokens)
        layer.adapt(tf.constant(values, tf.string), batch_size=_BATCH)
        tokens = layer.get_vocabulary(include_special_tokens=False)
        vocabulary = {"vocabulary": sorted(str(token) for token in tokens)}
        return vocabulary | divided if tokens else {}

    @property
    def columns(self) -> tuple[Column, ...]:
        return (Column(self.feature, self.side, "tokens", self.vectorize.vocabulary_size()),)

    def call(self, values: tf.Tensor) -> dict[str, tf.Tensor]:
        return {self.feature: tf.cast(self.vectorize(values), tf.int32)}


def _vectorization(separator: str | None, **settings: Any) -> Any:
    """Words in lower case without punctuation, or tags as they are, divided by a separator."""
    if separator is None:
        return keras.layers.TextVectorization(**settings)

    def divided(texts: tf.Tensor) -> tf.RaggedTensor:
        return tf.strings.strip(tf.strings.split(texts, separator))

    return keras.layers.TextVectorization(standardize=None, split=divided, **settings)


class _Number(Encoder):
    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.mean = state["mean"]
        self.normalize = keras.layers.Normalization(
            axis=None, mean=state["mean"], variance=state["variance"]
        )

    @staticmethod
    def learn(feature: Feature, values: Array) -> dict[str, Any]:
        numbers = values.astype(np.float64)
        return {"mean": float(numbers.mean()), "variance": float(numbers.var())}

    @property
    def columns(self) -> tuple[Column, ...]:
        return (Column(self.feature, self.side, "scaled"),)

    def call(self, values: tf.Tensor) -> dict[str, tf.Tensor]:
        return {self.feature: self.normalize(self._filled(values))}

    def _filled(self, values: tf.Tensor) -> tf.Tensor:
        numbers = tf.cast(values, tf.float32)
        return tf.where(tf.math.is_nan(numbers), self.mean, numbers)


class _Time(_Number):
    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.bucket = keras.layers.Discretization(state["boundaries"])
        self.range = state["boundaries"][0], state["boundaries"][-1]
        self.buckets = len(state["boundaries"]) + 1

    @staticmethod
    def learn(feature: Feature, values: Array) -> dict[str, Any]:
        even = np.linspace(values.min(), values.max(), feature.buckets)
        return _Number.learn(feature, values) | {"boundaries": np.unique(even).tolist()}

    @property
    def columns(self) -> tuple[Column, ...]:
        return (
            Column(f"{self.feature}.bucket", self.side, "index", self.buckets),
            Column(f"{self.feature}.scaled", self.side, "scaled"),
        )

    def call(self, values: tf.Tensor) -> dict[str, tf.Tensor]:
        times = tf.clip_by_value(self._filled(values), *self.range)
        return {
            f"{self.feature}.bucket": tf.cast(self.bucket(times), tf.int32),
            f"{self.feature}.scaled": self.normalize(times),
        }


class _Clock(Encoder):
    """A time's hour, or its weekday from Monday on, in UTC: rows from 1."""

    _CYCLES: Final = {"hour": (3_600, 24, 0), "weekday": (86_400, 7, 3)}  # 1970 began on a Thursday

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.seconds, self.length, self.first = self._CYCLES[state["kind"]]

    @staticmethod
    def learn(feature: Feature, values: Array) -> dict[str, Any]:
        return {"zone": "UTC"}

    @property
    def columns(self) -> tuple[Column, ...]:
        return (Column(self.feature, self.side, "index", self.length + 1),)

    def call(self, values: tf.Tensor) -> dict[str, tf.Tensor]:
        times = tf.cast(values, tf.float64)  # exact where float32 is minutes off
        passed = tf.floor(times / self.seconds) + self.first
        turn = tf.cast(tf.math.floormod(passed, self.length), tf.int32) + 1
        return {self.feature: tf.where(tf.math.is_nan(times), 0, turn)}


_KINDS: Mapping[str, type[Encoder]] = {
    "id": _Id,
    "category": _Id,
    "text": _Text,
    "tags": _Text,
    "time": _Time,
    "hour": _Clock,
    "weekday": _Clock,
    "number": _Number,
}


def _present(values: Array) -> npt.NDArray[np.bool_]:
    """Which values (n,) are not missing: not "" among str, not NaN among numbers."""
    missing = values == "" if values.dtype == object else np.isnan(values)
    return np.logical_not(missing)
