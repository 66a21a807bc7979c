"""TensorFlow comes with Keras 2 and in silence, or with a sentence that says why not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from search.tensorflow import keras, tf, tfrs


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process whose environment says nothing about TensorFlow."""
    names = ("TF_USE_LEGACY_KERAS", "TF_CPP_MIN_LOG_LEVEL")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_keras_is_the_one_that_tensorflow_and_recommenders_use() -> None:
    assert keras.__name__ == "tf_keras"
    assert tf.keras.layers.Dense is keras.layers.Dense
    assert issubclass(tfrs.Model, keras.Model)


def test_starting_and_computing_say_nothing_and_what_follows_is_heard() -> None:
    done = run(
        "from search.tensorflow import tf, keras; keras.layers.Dense(1)(tf.ones([1, 1]))\n"
        "import os; os.write(2, b'heard')"
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "heard")


def test_keras_3_in_tf_keras_is_refused_in_a_sentence() -> None:
    done = run("import tensorflow; tensorflow.keras.layers; import search.tensorflow")
    assert done.returncode == 1
    assert (
        "InputError: TF_USE_LEGACY_KERAS: must be 1 before tf.keras is first used, got Keras 3 "
        "already loaded; import search.tensorflow before TensorFlow, or set the variable in the "
        "environment." in done.stderr
    )


def test_a_scann_that_is_built_for_another_tensorflow_is_refused_in_a_sentence(
    tmp_path: Path,
) -> None:
    (tmp_path / "scann").mkdir()
    (tmp_path / "scann" / "__init__.py").touch()
    broken = "import tensorflow as tf; raise tf.errors.NotFoundError(None, None, 'symbol')"
    (tmp_path / "scann" / "scann_ops.py").write_text(broken)
    done = run(f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import search.tensorflow")
    assert done.returncode == 1
    assert (
        f"InputError: scann: must be built for TensorFlow {tf.__version__}, got a package that is "
        "not, and TensorFlow Recommenders cannot load beside it; pip uninstall scann."
        in done.stderr
    )


def test_data_is_named_split_and_opened_without_tensorflow() -> None:
    modules = ("cache", "encoded", "fingerprints", "schema", "sources", "splits")
    imports = "; ".join(f"import search.data.{name}" for name in modules)
    done = run(f"{imports}; import sys; print('tensorflow' in sys.modules)")
    assert (done.stdout, done.stderr) == ("False\n", "")
