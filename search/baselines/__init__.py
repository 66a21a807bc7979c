"""The lines that a tuned model must beat, on the same split and protocol."""

from __future__ import annotations

from collections.abc import Mapping

from search.baselines.fold import Fold, Standing
from search.baselines.tuning import METHODS, Method, tuned
from search.data.encoded import EncodedData

__all__ = ["baselines"]

_MOST_CELLS = 100_000_000


def baselines(
    data: EncodedData, part: str, exclude_seen: bool, metric: str
) -> Mapping[str, Standing]:
    """How each baseline ranks a part's candidates, most popular first; the options suit `metric`.

    What needs times is left out where there are none, and what needs all scores at once where
    users or candidates times candidates are more than 10^8.
    """
    fold = Fold(data, data.parts["train"], data.parts[part], exclude_seen)
    return {
        name: fold.standing(tuned(method, fold, metric))
        for name, method in METHODS.items()
        if _feasible(method, data)
    }


def _feasible(method: Method, data: EncodedData) -> bool:
    cells = max(data.users.max() + 1, data.n_candidates) * data.n_candidates
    dated = data.times is not None or not method.needs_times
    return dated and (cells <= _MOST_CELLS or not method.needs_all_scores)
