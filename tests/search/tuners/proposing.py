"""Proposals in tests: the configuration alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from optuna.trial import FrozenTrial

from search.spec import StudySpec
from search.tuners import propose

__all__ = ["proposed"]


def proposed(spec: StudySpec, number: int, trials: Sequence[FrozenTrial]) -> dict[str, Any] | None:
    """The configuration that is proposed for a trial, if any is."""
    proposal = propose(spec, number, trials)
    return None if proposal is None else dict(proposal.params)
