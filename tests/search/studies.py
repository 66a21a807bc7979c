"""What tests put into studies without training anything."""

from __future__ import annotations

from typing import Any

from search.study import Study
from search.study.claims import Claim

__all__ = ["ENDED", "FACTS", "claimed"]

FACTS: dict[str, Any] = {
    "data": {"fingerprint": "f"},
    "baselines": {"popularity": {"top_5_accuracy": 0.1}},
    "provenance": {"threads": 1},
}
ENDED: dict[str, Any] = {"value": 0.5, "best_epoch": 1, "curve": [{"epoch": 1, "mrr": 0.5}]}


def claimed(study: Study) -> Claim:
    """The study's next trial."""
    claim = study.claim()
    assert claim is not None
    return claim
