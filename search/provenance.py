"""What ran: versions, device and threads."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

__all__ = ["PACKAGES", "now", "provenance", "versions"]

PACKAGES = (
    "towersearch",
    "tensorflow",
    "tf-keras",
    "tensorflow-recommenders",
    "tensorflow-datasets",
    "keras-tuner",
    "optuna",
    "numpy",
    "pandas",
    "plotly",
)


def provenance(command: str, threads: int) -> dict[str, Any]:
    """What a study's record says of the circumstances it was created in."""
    return {
        "command": command,
        "created": now(),
        "device": f"{platform.machine()} CPU, {os.cpu_count()} cores",
        "platform": platform.platform(),
        "threads": threads,
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """The version of Python and of each package that matters; "absent" where one is not there."""
    return {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES}


def now() -> str:
    """The time in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "absent"
