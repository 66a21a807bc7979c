"""The one door to TensorFlow: Keras 2 is chosen before it loads, and its start-up is quiet."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from spaces.errors import InputError

__all__ = ["keras", "tf", "tfrs"]

_STDERR = 2


@contextmanager
def _quiet_start() -> Iterator[None]:
    """Discard standard error while the native libraries load, unless TF_CPP_MIN_LOG_LEVEL is 0.

    What they print before their logging is configured obeys no setting.
    """
    if os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3") == "0" or sys.stderr is None:
        yield
        return
    kept = os.dup(_STDERR)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), _STDERR)
    try:
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)


os.environ["TF_USE_LEGACY_KERAS"] = "1"  # TensorFlow Recommenders is written for Keras 2

with _quiet_start():
    import tensorflow as tf
    import tf_keras as keras

    if tf.keras.layers.Layer is not keras.layers.Layer:
        raise InputError(
            "TF_USE_LEGACY_KERAS: must be 1 before tf.keras is first used, got Keras 3 already "
            "loaded; import search.tensorflow before TensorFlow, or set the variable in the "
            "environment."
        )

    try:
        import tensorflow_recommenders as tfrs
    except tf.errors.NotFoundError as error:  # which it does not expect of a scann that is there
        raise InputError(
            f"scann: must be built for TensorFlow {tf.__version__}, got a package that is not, "
            "and TensorFlow Recommenders cannot load beside it; pip uninstall scann."
        ) from error

if os.environ["TF_CPP_MIN_LOG_LEVEL"] != "0":
    tf.get_logger().setLevel("ERROR")  # a trial of another shape is traced anew, as it should be
