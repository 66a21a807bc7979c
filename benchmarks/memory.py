"""How much memory this process has held at most."""

from __future__ import annotations

import resource

__all__ = ["peak"]


def peak() -> int:
    """The most bytes that this process has held."""
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
