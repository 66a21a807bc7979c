"""Who proposes the next configuration, and who prunes."""

from __future__ import annotations

from search.tuners.modelling import independently_sampled, notice
from search.tuners.names import PRUNERS, TUNERS, check_installed
from search.tuners.options import check_options
from search.tuners.proposals import complete, fit, peers, propose

__all__ = [
    "PRUNERS",
    "TUNERS",
    "check_installed",
    "check_options",
    "complete",
    "fit",
    "independently_sampled",
    "notice",
    "peers",
    "propose",
]
