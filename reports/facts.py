"""What ran: the command, the data, the seeds, the versions and the times, as names and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from reports.summarize import Summary
from reports.wording import label, number

__all__ = ["facts"]

_NAMES = {"cold": "shares of interactions whose id is unseen in training"}


def facts(summary: Summary) -> list[tuple[str, Any]]:
    """Names and values, a list where a value takes several lines; what is unknown is left out."""
    provenance = dict(summary["provenance"])
    created = provenance.pop("created", None)
    found = [
        ("study", summary["name"]),
        *_objectives(summary),
        *((_NAMES.get(name, label(name)), _lines(each)) for name, each in summary["data"].items()),
        ("split", _lines(summary["spec"].get("data", {}).get("split"))),
        *((label(name), _lines(value)) for name, value in provenance.items()),
        ("created", _time(created)),
        *_times(summary),
        *_seeds(summary),
    ]
    return [(name, value) for name, value in found if value not in (None, [])]


def _objectives(summary: Summary) -> Iterator[tuple[str, str]]:
    words = {"max": "more is better", "min": "less is better"}
    pairs = zip(summary["objectives"], summary["directions"], strict=True)
    for place, (name, direction) in enumerate(pairs, start=1):
        several = f" {place}" if len(summary["objectives"]) > 1 else ""
        yield f"objective{several}", f"{label(name)}, {words[direction]}"


def _times(summary: Summary) -> Iterator[tuple[str, str | None]]:
    columns = summary["columns"]
    started, finished = (
        [datetime.fromisoformat(time) for time in columns[name]["values"] if time is not None]
        for name in ("started", "finished")
    )
    if started:
        yield "first trial started", _time(min(started).isoformat())
    if finished:
        yield "last trial ended", _time(max(finished).isoformat())
    if started and finished:
        seconds = round((max(finished) - min(started)).total_seconds())
        yield "from the first start to the last end", str(timedelta(seconds=seconds))


def _seeds(summary: Summary) -> Iterator[tuple[str, str | None]]:
    seed = summary["spec"].get("study", {}).get("seed")
    yield "seed of the study", None if seed is None else str(seed)
    seeds = {seed for seed in summary["columns"]["seed"]["values"] if seed is not None}
    if seeds:
        yield "seeds of the trials", f"{len(seeds):,} distinct, in the table of trials"


def _time(stamp: str | None) -> str | None:
    if stamp is None:
        return None
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return stamp
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _lines(value: Any, before: str = "") -> Any:
    """A mapping's entries as lines, a list's as they are, anything else as it is."""
    if isinstance(value, Mapping):
        return [line for name, entry in value.items() for line in _entry(f"{before}{name}", entry)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(entry) for entry in value]
    return value


def _entry(name: str, value: Any) -> list[str]:
    if isinstance(value, Mapping):
        lines: list[str] = _lines(value, f"{name}, ")
        return lines
    return [f"{name}: {number(value)}"]
