"""What every page is made of: templates, packed data, charts as JSON and plotly.js."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from plotly.offline import get_plotlyjs

from reports.figures.chart import Chart
from reports.figures.theme import template
from reports.wording import label, number, quoted, short
from search.summaries import count, named

__all__ = ["page"]


def page(name: str, charts: Iterable[Chart], facts: dict[str, Any], /, **context: Any) -> str:
    """The template `name` filled with `context`, holding the charts and `facts` as its data."""
    drawn = {chart.name: asdict(chart) for chart in charts if chart.traces}
    kept = ("name", "traces", "layout", "switches")
    payload = facts | {
        "charts": {key: {part: chart[part] for part in kept} for key, chart in drawn.items()},
        "templates": {mode: template(mode) for mode in ("light", "dark")},
    }
    data = _packed(json.dumps(payload, separators=(",", ":")))
    return _environment().get_template(name).render(data=data, plotly=_plotly(), **context)


def _packed(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


@cache
def _plotly() -> str:
    return _packed(get_plotlyjs())


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "label": label,
        "number": number,
        "short": short,
        "quoted": quoted,
        "named": named,
    }
    environment.globals["count"] = count
    return environment
