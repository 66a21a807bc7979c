from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from search.processes import alive, identity


def test_this_process_lives() -> None:
    assert alive(identity())


def test_nobody_does_not_live() -> None:
    assert not alive(None)
    assert not alive({})


def test_a_process_that_ended_does_not_live_even_before_it_is_reaped() -> None:
    script = "from search.processes import identity; import json; print(json.dumps(identity()))"
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    worker = json.loads(child.stdout.read())
    child.stdout.close()
    assert worker["process"] == child.pid
    _wait_for_zombie(child.pid)
    assert not alive(worker)
    child.wait()
    assert not alive(worker)


def test_a_later_process_of_the_same_number_is_another() -> None:
    assert not alive(identity() | {"start": "1"})


@pytest.mark.parametrize("key", ["host", "boot", "namespace"])
def test_whether_a_process_elsewhere_lives_cannot_be_told_from_here(key: str) -> None:
    assert alive(identity() | {key: "another"}) is None


def _wait_for_zombie(process: int) -> None:
    for _ in range(200):
        if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.02)
    raise AssertionError("the child did not end")
