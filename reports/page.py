"""The page: a summary and its charts in one HTML file that fetches nothing."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from reports.agreement import agreement
from reports.answer import answer, cautions
from reports.facts import facts
from reports.figures import epochs, sections
from reports.files import put
from reports.html import page
from reports.protocol import protocol
from reports.summarize import Summary, summarize
from reports.wording import label, number
from search.confirmation.findings import confirmation, readings
from search.confirmation.verdicts import of_readings, row, sentences
from search.records import ENDED, StudyRecord
from search.summaries import named

__all__ = ["render", "write"]


def write(study: StudyRecord, path: str | os.PathLike[str], *, live: bool = False) -> None:
    """Write the report to `path`, whole or not at all; InputError where that is no place for it.

    A `live` page reads itself again in the browser, the seldomer the longer it is not rewritten.
    """
    put(render(study, live=datetime.now(UTC) if live else None), path)


def render(study: StudyRecord, *, live: datetime | None = None) -> str:
    """The report as one HTML text; `live` is when that of a running study is written."""
    summary = summarize(study)
    drawn = sections(summary)
    return page(
        "page.html",
        [*(chart for section in drawn for chart in section.charts), epochs.of_one_trial(summary)],
        {"summary": summary},
        summary=summary,
        answer=answer(summary),
        cautions=cautions(summary),
        tiles=_tiles(summary),
        sections=drawn,
        facts=facts(summary),
        agreement=agreement(study),
        protocol=protocol(study),
        confirmation=_confirmation(study),
        live=live and live.isoformat(timespec="seconds"),
    )


def _confirmation(study: StudyRecord) -> dict[str, Any] | None:
    """What a study that confirms another found; None where it has not measured anything yet."""
    if not study.confirmation or study.best is None:
        return None
    found = confirmation(study)
    return {
        "sentences": list(sentences(found)),
        "rows": [row(entrant) for entrant in found.ranked],
        "read": of_readings(readings([study]), " in this confirmation"),
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
        tiles.append((number(line["value"]), f"{named(line['name'])} line", "the line to beat"))
        if best is not None and line["value"] > 0:
            ratio = best["value"] / line["value"] - 1
            name = named(line["name"])
            tiles.append((f"{ratio:+.1%}", f"against {name}", f"relative to the {name} line"))
    return [*tiles, (f"{ended:,} of {summary['budget']:,}", "trials", states or "none yet")]
