"""One parameter against the objective: first the strongest that has no chart of its own."""

from __future__ import annotations

from reports.figures.chart import Chart, Option, Switch
from reports.figures.parts import axis, baselines, by_depth, log_values, present, value_axis
from reports.figures.scales import varied
from reports.figures.widths import WIDTHS
from reports.statistics import rank_correlation
from reports.summarize import Summary
from reports.wording import label, number, short

__all__ = ["chart"]

_OWN = (*WIDTHS, "params.depth", "params.learning_rate")
_FEW = 8


def chart(summary: Summary) -> Chart:
    """A point a trial at its value of the parameter, coloured by depth."""
    base = ("slices", "One parameter at a time")
    names = sorted(varied(summary), key=_OWN.__contains__)
    if not names:
        return Chart(*base, "No parameter varied over trials with a value.")
    options = [_option(summary, name) for name in names]
    return Chart(
        *base,
        "Each point is a trial at the chosen parameter, on a logarithmic axis where the space is; "
        "trials without that parameter are not drawn.",
        traces=by_depth(summary, names[0]),
        layout={"yaxis": value_axis(summary), **baselines(summary), **options[0].layout},
        header=("parameter", "values", f"rank correlation with {label(summary['objective'])}"),
        table=[_cells(summary, name) for name in names],
        switches=[Switch("parameter", options)],
    )


def _option(summary: Summary, name: str) -> Option:
    column, values = summary["columns"][name], present(summary, name)
    few = {"tickvals": values} if len(values) <= _FEW else {}
    if column["kind"] == "text":
        across = axis(column["label"], type="category")
    else:
        across = axis(column["label"], log=log_values(summary, name), **few)
    return Option(column["label"], {"x": name}, {"xaxis": across})


def _cells(summary: Summary, name: str) -> list[str]:
    column, values = summary["columns"][name], present(summary, name)
    if column["kind"] == "text":
        return [short(label(column["label"])), short(", ".join(values), 200), "–"]
    found = _correlation(summary, name)
    told = "–" if found is None else f"{found:.2f}".replace("-", "−")
    return [short(label(column["label"])), f"{number(values[0])} to {number(values[-1])}", told]


def _correlation(summary: Summary, name: str) -> float | None:
    columns = summary["columns"]
    triples = zip(*(columns[key]["values"] for key in ("state", name, "value")), strict=True)
    pairs = [(x, y) for state, x, y in triples if state == "complete" and None not in (x, y)]
    return rank_correlation([x for x, _ in pairs], [y for _, y in pairs])
