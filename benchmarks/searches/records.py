"""Recorded trials of the `full` space: a study's configurations and curves, kept as JSON lines."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.records import TrialRecord
from search.resolve import resolve
from search.spec import StudySpec, read_spec

__all__ = ["SPEC", "Recorded", "read", "spec"]

_HERE = Path(__file__).parent
SPEC, TRIALS = _HERE / "record.toml", _HERE / "trials.jsonl"
METRIC = "top_100_accuracy"


@dataclass(frozen=True)
class Recorded:
    """A configuration and the metric after each epoch; of a failed trial the curve is empty."""

    params: dict[str, Any]
    curve: list[float]


def read() -> list[Recorded]:
    """The trials in the repository, in the order in which they ran."""
    return [Recorded(**json.loads(line)) for line in TRIALS.read_text().splitlines()]


def spec(**study: Any) -> StudySpec:
    """The recorded study's spec with another `[study]` table, and nothing to begin with."""
    table, _ = read_spec(SPEC)
    return resolve({**table, "study": {"objective": METRIC, **study}, "first": []})


def _write(recorded: Iterable[Recorded]) -> None:
    lines = [json.dumps({"params": r.params, "curve": r.curve}) for r in recorded]
    TRIALS.write_text("\n".join(lines) + "\n")


def _curve(trial: TrialRecord) -> list[float]:
    validated = trial.curve if trial.state == "complete" else ()
    return [round(float(entry[METRIC] or 0.0), 5) for entry in validated]


def _main() -> None:
    from search.storage import Place
    from search.study import Study

    parser = argparse.ArgumentParser(description="Add a study's trials to those that are kept.")
    parser.add_argument("storage", help="such as sqlite:///record.db")
    place = Place(parser.parse_args().storage)
    trials = Study(place, "full-on-movielens-100k").record().trials
    ended = [trial for trial in trials if trial.state in ("complete", "failed")]
    kept, found = read(), [Recorded(dict(trial.params), _curve(trial)) for trial in ended]
    fresh = [trial for trial in found if trial not in kept]
    _write([*kept, *fresh])
    print(f"{len(fresh)} trials added to the {len(kept)} in {TRIALS.name}")


if __name__ == "__main__":
    _main()
