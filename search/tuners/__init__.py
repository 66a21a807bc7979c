"""Who proposes the next configuration, and who prunes."""

from __future__ import annotations

from search.tuners.names import PRUNERS, TUNERS
from search.tuners.proposals import fit, peers, propose

__all__ = ["PRUNERS", "TUNERS", "fit", "peers", "propose"]
