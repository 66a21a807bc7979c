"""What a chart is: traces that name a summary's columns, a layout, a sentence and a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from spaces.errors import InputError

__all__ = ["Axis", "Chart", "Kind", "Option", "Section", "Switch", "Trace", "chosen"]

Kind = Literal[
    "points",
    "top",
    "ridge",
    "box",
    "running",
    "front",
    "curves",
    "band",
    "median",
    "parallel",
    "grid",
    "spots",
    "influence",
    "fixed",
]


@dataclass(frozen=True)
class Axis:
    """A column and the places of its values in 0..1, on an axis or on a scale of colours.

    A number between `low` and `high` (logarithms where `log`) is placed in proportion, a text by
    its index in `order`.
    """

    column: str
    low: float = 0.0
    high: float = 1.0
    log: bool = False
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trace:
    """A plotly trace whose data are columns, so that any choice of trials can be drawn with it.

    It draws the trials whose columns equal `where`. `x` and `y` are columns, but in curves, bands
    and medians `y` is a metric of the curves; what is fixed has its data in `style`. `group` is
    the column that a click on the trace's legend entry narrows, `colour` what colours each point.
    `style` is passed to plotly as it is.
    """

    kind: Kind
    x: str = ""
    y: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    group: str = ""
    axes: tuple[Axis, ...] = ()
    colour: Axis | None = None
    style: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """What one choice of a switch changes in every trace and in the layout."""

    name: str
    trace: Mapping[str, Any] = field(default_factory=dict)
    layout: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Switch:
    """Options for the reader to choose from; a chart is drawn with the first of them."""

    name: str
    options: Sequence[Option]


@dataclass(frozen=True)
class Chart:
    """A chart without its data; without traces there is nothing to draw and `sentence` says why."""

    name: str
    title: str
    sentence: str
    traces: Sequence[Trace] = ()
    layout: Mapping[str, Any] = field(default_factory=dict)
    header: Sequence[str] = ()
    table: Sequence[Sequence[Any]] = ()
    switches: Sequence[Switch] = ()


@dataclass(frozen=True)
class Section:
    """A part of the page: its anchor, what the navigation calls it, and its charts side by side."""

    name: str
    link: str
    charts: tuple[Chart, ...]
    tall: bool = False


def chosen(chart: Chart, *names: str | None) -> Chart:
    """The chart with an option chosen for each switch, None for the first; InputError for others.

    `templates/charts.js` says the same in the page.
    """
    pairs = zip(chart.switches, names, strict=False)
    options = [_option(switch, name) for switch, name in pairs if name is not None]
    traces, layout = chart.traces, dict(chart.layout)
    for option in options:
        traces = [replace(trace, **option.trace) for trace in traces]
        layout |= option.layout
    return replace(chart, traces=traces, layout=layout)


def _option(switch: Switch, name: str) -> Option:
    found = {option.name: option for option in switch.options}
    if name not in found:
        raise InputError(f"{switch.name}: must be one of {', '.join(found)}, got {name!r}.")
    return found[name]
