"""The short form of `make torture`, in a process of its own, which has not used TensorFlow yet."""

from __future__ import annotations

import subprocess
import sys


def test_a_study_that_was_killed_again_and_again_equals_one_that_was_not() -> None:
    command = [sys.executable, "-m", "tests.torture", "--short"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "4 kills: nothing lost, nothing run twice, straight equals interrupted\n"
    )
