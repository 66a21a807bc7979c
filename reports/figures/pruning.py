"""How long every trial trained, and what pruning saved by it."""

from __future__ import annotations

from collections import Counter

from reports.figures.chart import Chart
from reports.figures.parts import axis, points, present
from reports.figures.theme import NEUTRAL
from reports.summarize import Summary
from reports.wording import number
from search.summaries import count

__all__ = ["chart"]


def chart(summary: Summary) -> Chart:
    """A point a trial at the last epoch it trained."""
    base = ("pruning", "What pruning saved")
    if not present(summary, "epochs"):
        return Chart(*base, "No trial has left a curve.")
    columns = summary["columns"]
    pairs = zip(columns["state"]["values"], columns["epochs"]["values"], strict=True)
    ends = Counter(epochs for state, epochs in pairs if state == "pruned" and epochs is not None)
    return Chart(
        *base,
        _sentence(summary),
        traces=points(summary, "number", y="epochs", shade=NEUTRAL),
        layout={"xaxis": axis("trial"), "yaxis": axis("epochs trained", rangemode="tozero")},
        header=("pruned after epoch", "trials"),
        table=[[number(epoch), f"{n:,}"] for epoch, n in sorted(ends.items())],
    )


def _sentence(summary: Summary) -> str:
    saved = summary["pruning"]
    if saved is None:
        pruned = summary["counts"]["pruned"]
        return f"{count(pruned, 'trial')} pruned." if pruned else "No trial was pruned."
    left = saved["planned"] - saved["trained"]
    seconds = saved["seconds"]
    pace = "" if seconds is None else f", about {number(seconds, 2)} s at their own pace"
    return (
        f"{count(saved['n'], 'pruned trial')} trained {saved['trained']:,} of {saved['planned']:,} "
        f"epochs planned for them and saved the other {left:,}{pace}; early stopping might have "
        "saved some of these as well."
    )
