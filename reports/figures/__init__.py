"""The charts of a study as plotly figures, the same that the page shows."""

from __future__ import annotations

import plotly.graph_objects as go

from reports.figures import (
    contour,
    cost,
    depth,
    epochs,
    importance,
    learning_rate,
    objectives,
    parallel,
    progress,
    pruning,
    slices,
    tries,
    widths,
)
from reports.figures.bind import bind
from reports.figures.chart import Chart, Section, chosen
from reports.figures.theme import template
from reports.summarize import Summary, summarize
from search.records import StudyRecord
from spaces.errors import InputError

__all__ = [
    "accuracy_by_epoch",
    "accuracy_vs_cost",
    "best_of_n",
    "best_so_far",
    "contour_of_two",
    "depth_vs_accuracy",
    "figure",
    "learning_rate_by_optimizer",
    "objectives_against_each_other",
    "parallel_coordinates",
    "parameter_importance",
    "sections",
    "slice_of_one",
    "what_pruning_saved",
    "width_vs_accuracy",
]

_COSTS = ("train_seconds", "parameters")


def depth_vs_accuracy(
    study: StudyRecord | Summary, metric: str | None = None, colour: str | None = None
) -> go.Figure:
    """Every trial at its depth, over a box of each depth's completed trials.

    `metric` is the objective or another recorded one, `colour` "depth" or another parameter;
    InputError where the study has no such.
    """
    summary = _summary(study)
    return figure(chosen(depth.chart(summary), metric, colour), summary)


def best_of_n(study: StudyRecord | Summary) -> go.Figure:
    """The expected best of n tries at each depth, with its 95% interval."""
    summary = _summary(study)
    return figure(tries.chart(summary), summary)


def accuracy_by_epoch(study: StudyRecord | Summary) -> go.Figure:
    """Curves of the best trials, each depth's median and quartile band."""
    summary = _summary(study)
    return figure(epochs.chart(summary), summary)


def width_vs_accuracy(study: StudyRecord | Summary, units: str | None = None) -> go.Figure:
    """Every trial at the width of its layers, with each depth's best at each width.

    `units` is "width" or another parameter that is one; InputError for one that did not vary.
    """
    summary = _summary(study)
    return figure(chosen(widths.chart(summary), units), summary)


def learning_rate_by_optimizer(study: StudyRecord | Summary) -> go.Figure:
    """Every trial at its learning rate, coloured by optimizer."""
    summary = _summary(study)
    return figure(learning_rate.chart(summary), summary)


def parameter_importance(study: StudyRecord | Summary) -> go.Figure:
    """What shuffling each parameter costs a random forest, strongest first."""
    summary = _summary(study)
    return figure(importance.chart(summary), summary)


def parallel_coordinates(study: StudyRecord | Summary) -> go.Figure:
    """Every trial as a line over the parameters that varied."""
    summary = _summary(study)
    return figure(parallel.chart(summary), summary)


def slice_of_one(study: StudyRecord | Summary, parameter: str | None = None) -> go.Figure:
    """Every trial at its value of one parameter; InputError for one that did not vary."""
    summary = _summary(study)
    return figure(chosen(slices.chart(summary), parameter), summary)


def contour_of_two(study: StudyRecord | Summary, parameters: str | None = None) -> go.Figure:
    """Contours over two parameters, "learning_rate × width"; InputError for an unknown pair."""
    summary = _summary(study)
    return figure(chosen(contour.chart(summary), parameters), summary)


def accuracy_vs_cost(study: StudyRecord | Summary, cost_name: str = "train_seconds") -> go.Figure:
    """Every trial at its cost, one of a trial record's `cost` names; InputError for another."""
    if cost_name not in cost.COSTS:
        known = ", ".join(cost.COSTS)
        raise InputError(f"cost_name: must be one of {known}, got {cost_name!r}.")
    summary = _summary(study)
    return figure(cost.chart(summary, cost_name), summary)


def objectives_against_each_other(
    study: StudyRecord | Summary, against: str | None = None
) -> go.Figure:
    """Every trial at its first objective over another, with the Pareto front of all ringed."""
    summary = _summary(study)
    return figure(chosen(objectives.chart(summary), against), summary)


def best_so_far(study: StudyRecord | Summary, over: str | None = None) -> go.Figure:
    """Every trial and the running best over "trials" or "time"; InputError for anything else."""
    summary = _summary(study)
    return figure(chosen(progress.chart(summary), over), summary)


def what_pruning_saved(study: StudyRecord | Summary) -> go.Figure:
    """Every trial at the last epoch that it trained."""
    summary = _summary(study)
    return figure(pruning.chart(summary), summary)


def sections(summary: Summary) -> list[Section]:
    """The charts of the page in its order, without their data."""
    several = len(summary["objectives"]) > 1
    made = [
        Section("objectives", "Objectives", (objectives.chart(summary),)),
        Section("depth", "Depth", (depth.chart(summary),), tall=True),
        Section("tries", "Tries", (tries.chart(summary),)),
        Section("epochs", "Epochs", (epochs.chart(summary),), tall=True),
        Section("widths", "Widths", (widths.chart(summary),)),
        Section("learning-rate", "Learning rate", (learning_rate.chart(summary),)),
        Section("importance", "Importance", (importance.chart(summary),)),
        Section("parallel", "Parameters", (parallel.chart(summary),)),
        Section("slices", "Slices", (slices.chart(summary), contour.chart(summary))),
        Section("cost", "Cost", tuple(cost.chart(summary, name) for name in _COSTS)),
        Section("progress", "Progress", (progress.chart(summary), pruning.chart(summary))),
    ]
    return made if several else made[1:]


def figure(chart: Chart, summary: Summary) -> go.Figure:
    """A chart drawn with all trials of a summary."""
    rows = range(len(summary["columns"]["number"]["values"]))
    data = [bind(trace, summary, rows) for trace in chart.traces]
    return go.Figure(data=data, layout={"template": template("light"), **chart.layout})


def _summary(study: StudyRecord | Summary) -> Summary:
    return summarize(study) if isinstance(study, StudyRecord) else study
