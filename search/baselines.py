"""The lines that a tuned model must beat, on the same split and protocol."""

from __future__ import annotations

from typing import Any

import numpy as np

from search.data.encoded import EncodedData
from search.training.evaluation import Seen, rank
from search.training.measures import measure

__all__ = ["baselines", "popularity"]


def baselines(data: EncodedData, seen: Seen | None = None) -> dict[str, dict[str, float]]:
    """Each baseline's measures on the validation part."""
    return {"popularity": popularity(data, seen)}


def popularity(data: EncodedData, seen: Seen | None = None) -> dict[str, float]:
    """Every query gets the candidates in the order of how often they occur in training."""
    rows = data.parts["validation"]
    everyone: Any = np.ones((len(rows), 1), np.float32)
    # Places instead of counts: the same order without a tie, and exact as float32.
    places = np.argsort(np.argsort(-data.counts, kind="stable"))
    scores = -places[:, None].astype(np.float32)
    ranking = rank(everyone, scores, data.positives[rows], seen=seen)
    return measure(ranking.ranks, data.n_candidates) | {"coverage": ranking.coverage}
