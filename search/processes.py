"""Which process runs a trial, and whether it still lives."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["SUPERVISOR", "alive", "follow_supervisor", "identity"]

SUPERVISOR = "TOWERSEARCH_SUPERVISOR"  # names it by its number in its workers' environment
_PR_SET_PDEATHSIG = 1


@cache
def _machine() -> dict[str, str]:
    """Host, boot and process namespace: where all three agree, process numbers can be compared."""
    return {
        "host": socket.gethostname(),
        "boot": Path("/proc/sys/kernel/random/boot_id").read_text().strip(),
        "namespace": os.readlink("/proc/self/ns/pid"),
    }


def identity(process: int | None = None) -> dict[str, Any]:
    """A process of this machine, this one unless another is named.

    It is told apart from a later one of the same number by when it started.
    """
    process = process or os.getpid()
    return {**_machine(), "process": process, "start": _start(process)}


def alive(worker: Mapping[str, Any] | None) -> bool | None:
    """Whether the worker is a process that runs.

    None where that cannot be told from here: on another machine, in another container, or before
    this machine was started again, which nothing tells apart from a machine of the same name.
    """
    if not worker:
        return False
    if any(worker.get(key) != value for key, value in _machine().items()):
        return None
    return _start(int(worker["process"])) == str(worker["start"])


def follow_supervisor() -> None:
    """Have this worker killed when its supervisor ends, in whatever way; its trial is resumable."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.environ.get(SUPERVISOR, str(os.getppid())) != str(os.getppid()):
        raise SystemExit(0)  # it ended before


def _start(process: int) -> str | None:
    """When a process started, in clock ticks since boot; None where it does not run."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]
