"""TensorFlow's threads: fixed with a study, as another number gives other weights."""

from __future__ import annotations

from search.tensorflow import tf

__all__ = ["use_threads"]


def use_threads(count: int) -> None:
    """Give TensorFlow `count` threads; it takes the number once a process, before it computes."""
    threading = tf.config.threading
    if threading.get_intra_op_parallelism_threads() != count:
        threading.set_intra_op_parallelism_threads(count)
        threading.set_inter_op_parallelism_threads(count)
