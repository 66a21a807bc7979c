"""Who proposes the next configuration, and who prunes."""

from __future__ import annotations

from search.tuners.modelling import independently_sampled, learns, notice
from search.tuners.names import (
    PRUNERS,
    TUNERS,
    check_installed,
    check_number_of_objectives,
    default_tuner,
    is_installed,
)
from search.tuners.options import check_options
from search.tuners.proposals import peers, propose
from search.tuners.stages import Proposal, Stage, stage_of
from search.tuners.starts import complete, defaults, fit

__all__ = [
    "PRUNERS",
    "TUNERS",
    "Proposal",
    "Stage",
    "check_installed",
    "check_number_of_objectives",
    "check_options",
    "complete",
    "default_tuner",
    "defaults",
    "fit",
    "independently_sampled",
    "is_installed",
    "learns",
    "notice",
    "peers",
    "propose",
    "stage_of",
]
