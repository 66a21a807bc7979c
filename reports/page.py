"""The page: a summary and its charts in one HTML file that fetches nothing."""

from __future__ import annotations

import base64
import json
import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from plotly.offline import get_plotlyjs

from reports.answer import answer
from reports.figures import cost, depth, epochs, learning_rate, parallel, progress
from reports.figures.chart import Chart
from reports.figures.theme import template
from reports.summarize import Summary, summarize
from reports.wording import count, label, number, short
from search.records import StudyRecord
from spaces.errors import InputError

__all__ = ["check_path", "render", "write"]


def write(study: StudyRecord, path: str | os.PathLike[str]) -> None:
    """Write the report to `path`, whole or not at all: beside it first, then renamed.

    Raises InputError where `check_path` does.
    """
    target = Path(path)
    check_path(target)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_text(render(study), encoding="utf-8")
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def check_path(path: Path) -> None:
    """Raise InputError where a report cannot be written to `path`; for asking before a long run."""
    if not path.parent.is_dir():
        raise InputError(f"report: must lie in an existing folder, got {str(path)!r}.")
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise InputError(f"report: must be a file that can be written, got {str(path)!r}.")


def render(study: StudyRecord) -> str:
    """The report as one HTML text."""
    summary = summarize(study)
    charts = _charts(summary)
    return (
        _environment()
        .get_template("page.html")
        .render(
            summary=summary,
            answer=answer(summary),
            tiles=_tiles(summary),
            charts=charts,
            facts=_facts(summary),
            data=_packed(json.dumps(_payload(summary, charts.values()), separators=(",", ":"))),
            plotly=_plotly(),
        )
    )


def _charts(summary: Summary) -> dict[str, Chart]:
    made = (
        depth.chart(summary),
        epochs.chart(summary),
        learning_rate.chart(summary),
        parallel.chart(summary),
        cost.chart(summary, "train_seconds"),
        cost.chart(summary, "parameters"),
        progress.chart(summary),
    )
    return {chart.name: chart for chart in made}


def _payload(summary: Summary, charts: Iterable[Chart]) -> dict[str, Any]:
    drawn = [*(chart for chart in charts if chart.traces), epochs.of_one_trial(summary)]
    return {
        "summary": summary,
        "charts": {
            c.name: {"traces": [asdict(t) for t in c.traces], "layout": c.layout} for c in drawn
        },
        "templates": {mode: template(mode) for mode in ("light", "dark")},
    }


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
    environment.filters |= {"label": label, "number": number, "short": short}
    environment.globals["count"] = count
    return environment


def _tiles(summary: Summary) -> list[tuple[str, str, str]]:
    """The headline figures: a value, what it is, and a remark."""
    best, lines = summary["best"], summary["baselines"][:1]
    total = sum(summary["counts"].values())
    states = ", ".join(f"{n:,} {state}" for state, n in summary["counts"].items() if n)
    tiles = []
    if best is not None:
        remark = f"trial {best['number']}" + (f", depth {best['depth']}" if best["depth"] else "")
        tiles.append((number(best["value"]), f"best {label(summary['objective'])}", remark))
    for line in lines:
        tiles.append(
            (number(line["value"]), f"{short(label(line['name']))} line", "the line to beat")
        )
        if best is not None and line["value"] > 0:
            ratio = best["value"] / line["value"] - 1
            name = short(label(line["name"]))
            tiles.append((f"{ratio:+.1%}", f"against {name}", f"relative to the {name} line"))
    return [*tiles, (f"{total:,} of {summary['budget']:,}", "trials", states or "none yet")]


def _facts(summary: Summary) -> list[tuple[str, Any]]:
    """What ran, as names and values; a mapping's entries are listed each on a line."""
    data, provenance = summary["data"], summary["provenance"]
    seeds = [seed for seed in summary["columns"]["seed"]["values"] if seed is not None]
    started = [time for time in summary["columns"]["started"]["values"] if time is not None]
    facts = [
        ("study", summary["name"]),
        *(
            (f"objective {place}", f"{name} ({direction})")
            for place, (name, direction) in enumerate(
                zip(summary["objectives"], summary["directions"], strict=True), start=1
            )
        ),
        *((f"data: {name}", _lines(value)) for name, value in data.items()),
        *((name, _lines(value)) for name, value in provenance.items()),
        ("first trial started", min(started, default=None)),
        ("trial seeds", f"{len({*seeds})} distinct, one a trial" if seeds else None),
    ]
    return [(name, value) for name, value in facts if value is not None]


def _lines(value: Any) -> Any:
    if isinstance(value, Mapping):
        return [f"{name}: {number(entry)}" for name, entry in value.items()]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(entry) for entry in value]
    return value
