"""TensorFlow takes a number of threads once a process."""

from __future__ import annotations

import subprocess
import sys

COMPUTE = """
from search.tensorflow import tf
from search.training.threads import use_threads
use_threads(1)
tf.add(1, 1)
use_threads(1)
threads = tf.config.threading
print(threads.get_intra_op_parallelism_threads(), threads.get_inter_op_parallelism_threads())
try:
    use_threads(2)
except RuntimeError as error:
    print(error)
"""


def test_a_process_keeps_the_number_of_threads_that_it_computes_with() -> None:
    done = subprocess.run(
        [sys.executable, "-c", COMPUTE], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "1 1",
        "Intra op parallelism cannot be modified after initialization.",
    ]
