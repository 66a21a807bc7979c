"""The charts of a study as plotly figures, the same that the page shows."""

from __future__ import annotations

import plotly.graph_objects as go

from reports.figures import cost, depth, epochs, learning_rate, parallel, progress
from reports.figures.bind import bind
from reports.figures.chart import Chart
from reports.figures.theme import template
from reports.summarize import Summary, summarize
from search.records import StudyRecord
from spaces.errors import InputError

__all__ = [
    "accuracy_by_epoch",
    "accuracy_vs_cost",
    "best_so_far",
    "depth_vs_accuracy",
    "figure",
    "learning_rate_by_optimizer",
    "parallel_coordinates",
]


def depth_vs_accuracy(study: StudyRecord | Summary) -> go.Figure:
    """Every trial at its depth, over a box of each depth's completed trials."""
    summary = _summary(study)
    return figure(depth.chart(summary), summary)


def accuracy_by_epoch(study: StudyRecord | Summary) -> go.Figure:
    """Curves of the best trials, each depth's median and quartile band."""
    summary = _summary(study)
    return figure(epochs.chart(summary), summary)


def learning_rate_by_optimizer(study: StudyRecord | Summary) -> go.Figure:
    """Every trial at its learning rate, coloured by optimizer."""
    summary = _summary(study)
    return figure(learning_rate.chart(summary), summary)


def parallel_coordinates(study: StudyRecord | Summary) -> go.Figure:
    """Every trial as a line over the parameters that varied."""
    summary = _summary(study)
    return figure(parallel.chart(summary), summary)


def accuracy_vs_cost(study: StudyRecord | Summary, cost_name: str = "train_seconds") -> go.Figure:
    """Every trial at its cost, one of a trial record's `cost` names; InputError for another."""
    if cost_name not in cost.COSTS:
        known = ", ".join(cost.COSTS)
        raise InputError(f"cost_name: must be one of {known}, got {cost_name!r}.")
    summary = _summary(study)
    return figure(cost.chart(summary, cost_name), summary)


def best_so_far(study: StudyRecord | Summary) -> go.Figure:
    """Every trial in order of number, and the running best."""
    summary = _summary(study)
    return figure(progress.chart(summary), summary)


def figure(chart: Chart, summary: Summary) -> go.Figure:
    """A chart drawn with all trials of a summary."""
    rows = range(len(summary["columns"]["number"]["values"]))
    data = [bind(trace, summary, rows) for trace in chart.traces]
    return go.Figure(data=data, layout={"template": template("light"), **chart.layout})


def _summary(study: StudyRecord | Summary) -> Summary:
    return summarize(study) if isinstance(study, StudyRecord) else study
