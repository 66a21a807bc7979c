"""The baselines by name, and the choice of their options on some of the training part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from search.baselines.als import implicit_als
from search.baselines.ease import ease
from search.baselines.fold import Fold, Scores
from search.baselines.neighbours import item_knn
from search.baselines.popularity import most_popular, most_popular_of_late, random_order
from search.training.measures import GAINS

__all__ = ["METHODS", "Method", "tuned"]

_HELD_OUT, _MOST_HELD_OUT = 0.1, 4_096

Options = Mapping[str, Any]


@dataclass(frozen=True)
class Method:
    """A baseline: what `learn` makes of a fold gives scores for any of `options`."""

    learn: Callable[[Fold], Callable[..., Scores]]
    options: Sequence[Options] = ({},)
    needs_times: bool = False
    needs_all_scores: bool = False


METHODS: Mapping[str, Method] = {
    "popularity": Method(most_popular),
    "random": Method(random_order),
    "recent_popularity": Method(
        most_popular_of_late,
        [{"share": share} for share in (0.03, 0.1, 0.3)],
        needs_times=True,
    ),
    "item_knn": Method(
        item_knn,
        [{"shrink": 0.0, "neighbours": 50}, {"shrink": 50.0, "neighbours": 100}],
        needs_all_scores=True,
    ),
    "ease": Method(
        ease,
        [{"l2": l2} for l2 in (200.0, 400.0, 800.0, 1600.0, 3200.0)],
        needs_all_scores=True,
    ),
    "implicit_als": Method(
        implicit_als,
        [{"unobserved": weight, "l2": 0.03} for weight in (0.1, 0.3)],
        needs_all_scores=True,
    ),
}


def tuned(method: Method, fold: Fold, metric: str) -> Scores:
    """The scores of the options that do best on held-out training rows, learnt again on all.

    A tenth of the rows is held out, at most 4,096.
    """
    options = method.options[0]
    if len(method.options) > 1:
        inner = _held_out(fold)
        learnt, gains = method.learn(inner), GAINS.get(metric, GAINS["mrr"])
        options = max(
            method.options,
            key=lambda options: float(np.mean(gains(inner.ranks(learnt(**options))))),
        )
    return method.learn(fold)(**options)


def _held_out(fold: Fold) -> Fold:
    rows = np.random.default_rng(0).permutation(fold.train)
    cut = min(_MOST_HELD_OUT, max(1, round(len(rows) * _HELD_OUT)))
    return Fold(fold.data, np.sort(rows[cut:]), np.sort(rows[:cut]), fold.exclude_seen)
