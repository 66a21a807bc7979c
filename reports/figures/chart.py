"""What a chart is: traces that name a summary's columns, a layout, a sentence and a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Axis", "Chart", "Kind", "Trace"]

Kind = Literal["points", "top", "box", "running", "front", "curves", "band", "median", "parallel"]


@dataclass(frozen=True)
class Axis:
    """One axis of the parallel coordinates: a column and the places of its values in 0..1.

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
    and medians `y` is a metric of the curves. `group` is the column that a click on the trace's
    legend entry narrows. `style` is passed to plotly as it is.
    """

    kind: Kind
    x: str = ""
    y: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    group: str = ""
    axes: tuple[Axis, ...] = ()
    style: Mapping[str, Any] = field(default_factory=dict)


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
