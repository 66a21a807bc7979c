"""Which trial each metric would have chosen, and how far metrics agree on the order of trials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.statistics import rank_correlation
from search.records import StudyRecord, TrialRecord

__all__ = ["Agreement", "agreement", "best_by", "metrics_of"]

_LOWER_IS_BETTER = ("loss", "train_loss")


@dataclass(frozen=True)
class Agreement:
    """A metric beside the objective: the trial it would have chosen, and Spearman's correlation.

    `trial` has `value` by the metric and `objective` by the study's objective; `correlation` is of
    the two over the study's candidates, above 0 where they agree on which are better.
    """

    metric: str
    trial: int
    value: float
    objective: float
    correlation: float | None


def agreement(study: StudyRecord) -> list[Agreement]:
    """Every metric of a study's candidates beside its objective, which is the first."""
    return [_beside(study, metric) for metric in metrics_of(study)]


def best_by(study: StudyRecord, metric: str) -> TrialRecord:
    """The candidate that is best by a metric that all have; of equals, the first.

    Each trial is measured at the epoch that the study's objective chose.
    """
    sign = -1 if metric in _LOWER_IS_BETTER else 1
    return max(study.candidates, key=lambda trial: sign * _value(trial, metric))


def metrics_of(study: StudyRecord) -> list[str]:
    """The metrics that every candidate has, the objective first; training's loss is none."""
    done = study.candidates
    own = study.objectives[0]
    common = [m for m in (done[0].metrics if done else ()) if m not in ("train_loss", own)]
    names = [own, *common]
    return [name for name in names if done and all(t.metrics.get(name) is not None for t in done)]


def _beside(study: StudyRecord, metric: str) -> Agreement:
    chosen, own = best_by(study, metric), study.objectives[0]
    return Agreement(
        metric=metric,
        trial=chosen.number,
        value=_value(chosen, metric),
        objective=_value(chosen, own),
        correlation=rank_correlation(_goodness(study, own), _goodness(study, metric)),
    )


def _goodness(study: StudyRecord, metric: str) -> Sequence[float]:
    sign = -1 if metric in _LOWER_IS_BETTER else 1
    return [sign * _value(trial, metric) for trial in study.candidates]


def _value(trial: TrialRecord, metric: str) -> float:
    return trial.metrics.get(metric) or 0.0
