"""The page: a summary and its charts in one HTML file that fetches nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from reports.agreement import agreement
from reports.answer import answer
from reports.figures import (
    contour,
    cost,
    depth,
    epochs,
    importance,
    learning_rate,
    parallel,
    progress,
    pruning,
    slices,
)
from reports.figures.chart import Chart
from reports.files import put
from reports.html import page
from reports.protocol import protocol
from reports.summarize import Summary, summarize
from reports.wording import label, number, short
from search.confirmation import confirmation, readings
from search.records import ENDED, StudyRecord
from search.verdicts import of_readings, row

__all__ = ["render", "write"]


def write(study: StudyRecord, path: str | os.PathLike[str]) -> None:
    """Write the report to `path`, whole or not at all; InputError where that is no place for it."""
    put(render(study), path)


def render(study: StudyRecord) -> str:
    """The report as one HTML text."""
    summary = summarize(study)
    charts = _charts(summary)
    return page(
        "page.html",
        [*charts.values(), epochs.of_one_trial(summary)],
        {"summary": summary},
        summary=summary,
        answer=answer(summary),
        tiles=_tiles(summary),
        charts=charts,
        facts=_facts(summary),
        agreement=agreement(study),
        protocol=protocol(study),
        confirmation=_confirmation(study),
        live=study.ended < study.budget,
    )


def _charts(summary: Summary) -> dict[str, Chart]:
    made = (
        depth.chart(summary),
        epochs.chart(summary),
        learning_rate.chart(summary),
        importance.chart(summary),
        parallel.chart(summary),
        slices.chart(summary),
        contour.chart(summary),
        cost.chart(summary, "train_seconds"),
        cost.chart(summary, "parameters"),
        progress.chart(summary),
        pruning.chart(summary),
    )
    return {chart.name: chart for chart in made}


def _confirmation(study: StudyRecord) -> dict[str, Any] | None:
    """What a study that confirms another found; None where it has not measured anything yet."""
    if not study.confirmation or study.best is None:
        return None
    found = confirmation(study)
    return {
        "sentences": found.sentences,
        "rows": [row(entrant) for entrant in found.ranked],
        "read": of_readings(readings([study])),
    }


def _tiles(summary: Summary) -> list[tuple[str, str, str]]:
    """The headline figures: a value, what it is, and a remark."""
    best, lines = summary["best"], summary["baselines"][:1]
    ended = sum(summary["counts"][state] for state in ENDED)
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
    return [*tiles, (f"{ended:,} of {summary['budget']:,}", "trials", states or "none yet")]


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
