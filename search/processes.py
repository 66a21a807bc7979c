"""Which process runs a trial, and whether it still lives."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["alive", "identity"]


@cache
def _machine() -> dict[str, str]:
    """Host, boot and process namespace: where all three agree, process numbers can be compared."""
    return {
        "host": socket.gethostname(),
        "boot": Path("/proc/sys/kernel/random/boot_id").read_text().strip(),
        "namespace": os.readlink("/proc/self/ns/pid"),
    }


def identity() -> dict[str, Any]:
    """This process, told apart from a later one of the same number by when it started."""
    return {**_machine(), "process": os.getpid(), "start": _start(os.getpid())}


def alive(worker: Mapping[str, Any] | None) -> bool:
    """Whether the worker is a process that runs; one on another machine is taken to."""
    if not worker:
        return False
    if worker.get("host") != _machine()["host"]:
        return True
    here = all(worker.get(key) == value for key, value in _machine().items())
    return here and _start(int(worker["process"])) == worker["start"]


def _start(process: int) -> str | None:
    """When a process started, in clock ticks since boot; None where it does not run."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]
