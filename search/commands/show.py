"""Prints records for a person, as tables and lines, or for a program, as one JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from search.confirmation.findings import Confirmation
from search.confirmation.verdicts import of_readings, row, sentences
from search.data.facts import facts
from search.data.proposal import Proposal
from search.data.schema import Dataset
from search.records import StudyRecord, TrialRecord
from search.spec import DataTable
from search.summaries import about, goals, named, number, of_budget, summary

if TYPE_CHECKING:
    from reports.agreement import Agreement

__all__ = [
    "agreements",
    "answers",
    "as_json",
    "best",
    "confirmed",
    "dataset",
    "exported",
    "proposal",
    "status",
    "studies",
    "table",
    "trials",
]


def as_json(document: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(document, allow_nan=False))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A plain table; text is shown as it is."""
    console = Console()
    grid = Table(*columns, box=None, pad_edge=False)
    for cells in rows:
        grid.add_row(*[console.render_str(cell, markup=False, highlight=False) for cell in cells])
    console.print(grid)


def studies(records: Sequence[StudyRecord]) -> None:
    """One row a study."""
    table(
        ["study", "state", "trials", "objective", "best"],
        [
            [
                record.name,
                summary(record)["state"],
                of_budget(record),
                record.objectives[0],
                number(record.best.value if record.best else None),
            ]
            for record in records
        ],
    )


def status(record: StudyRecord) -> None:
    """How far a study is."""
    fields = summary(record)
    counts = ", ".join(f"{count} {state}" for state, count in fields["trials"].items() if count)
    print(f"{record.name}: {fields['state']}, {of_budget(record)} trials ({counts or 'none yet'})")
    if rule := fields["ended"]:
        print(f"ended: {rule}")
    if record.best:
        print(f"best: {_headline(record, record.best)}")
    if lines := fields["baselines"]:
        print("to beat: " + ", ".join(f"{named(n)} {number(v)}" for n, v in lines.items()))


def trials(record: StudyRecord) -> None:
    """One row a trial; a failed one shows its reason, one that breaks constraints by how much."""
    table(
        ["trial", "state", *record.objectives, "epoch", "configuration"],
        [
            [
                str(trial.number),
                trial.state,
                *_values(record, trial),
                str(trial.best_epoch or ""),
                trial.error or _broken(trial) + about(record, trial),
            ]
            for trial in record.trials
        ],
    )


def _broken(trial: TrialRecord) -> str:
    broken = [f"{n} by {number(e)}" for n, e in trial.constraints.items() if e > 0]
    return f"(breaks {', '.join(broken)}) " if broken else ""


def best(record: StudyRecord, trial: TrialRecord) -> None:
    """The trial's value and its whole configuration; of several objectives the front before it."""
    if len(record.objectives) > 1:
        trials(replace(record, trials=record.front))
    print(_headline(record, trial))
    for key, value in trial.config.items():
        print(f"  {key} = {json.dumps(value)}")


def confirmed(found: Confirmation, read: Mapping[str, int]) -> None:
    """One row a finalist and a baseline, best first, then the findings in words."""
    print(
        f"{found.metric} on the test part, 95% intervals over users, over seeds (n) and over both"
    )
    table(
        ["", "search", "test", "users", "seeds", "both", "n"],
        [row(entrant) for entrant in found.ranked],
    )
    for sentence in (*sentences(found), of_readings(read)):
        print(sentence)


def agreements(lines: Sequence[Agreement], objective: str) -> None:
    """One row a metric: the trial it chooses, and how far it agrees with the objective."""
    table(
        ["metric", "chooses", "its value", f"{objective} there", "rank correlation"],
        [
            [
                line.metric,
                f"trial {line.trial}",
                number(line.value),
                number(line.objective),
                number(line.correlation),
            ]
            for line in lines
        ],
    )


def dataset(data: Dataset) -> None:
    """How large a dataset is, and its features."""
    schema = data.schema
    interactions, candidates = (
        len(side[schema.candidate]) for side in (data.interactions, data.candidates)
    )
    print(f"{data.name}: {interactions:,} interactions, {candidates:,} candidates")
    table(
        ["feature", "kind", "side", "column", "takes part"],
        [
            [f.name, f.kind, f.side, f.source, "where named" if f.optional else "always"]
            for f in schema.features
        ],
    )
    print(f"licence: {data.licence}")


def proposal(found: Proposal, data: Dataset) -> None:
    """A spec's `[data]` for the user's own files, headed by the facts as comments."""
    for name, fact in facts(data):
        print(f"# {name}: {fact}")
    for name in found.left_out:
        shown = json.dumps(name, ensure_ascii=False)
        print(
            f"# left out: {shown}; add it as a query feature if it is known before the answer, "
            "or name it as `weight`"
        )
    print(DataTable.of(found.files).to_toml(), end="")


def exported(folder: Path, facts: Mapping[str, Any]) -> None:
    """What was exported, how good it is and what it costs to serve."""
    cost = facts["cost"]
    spread = " (95% interval over users {:.4f} to {:.4f})".format(*facts["interval"] or (0, 0))
    trained = ", trained once more on all interactions" if facts["refit"] else ""
    print(f"{facts['study']}, trial {facts['trial']}{trained}: {folder}")
    print(f"{facts['metric']} {facts['value']:.4f}{spread if facts['interval'] else ''}")
    if facts["value"] != facts["recorded"]:
        print(
            f"The study recorded {facts['recorded']:.4f}; another machine or another training "
            "changes it a little."
        )
    print(
        f"{cost['bytes'] / 1e6:.1f} MB, loads in {cost['load_seconds']:.1f} s, answers a query in "
        f"{cost['milliseconds']:.1f} ms (median; 95th percentile {cost['milliseconds_95']:.1f} ms)"
    )
    words = [f"{name}=..." for name in facts["inputs"]]
    print(f"Ask: towersearch recommend {folder} {' '.join(words)}")


def answers(found: Sequence[Mapping[str, Any]]) -> None:
    """A table of the candidates of each query; a remark where its ids are new to the model."""
    several = len(found) > 1
    rows = [
        [str(query), str(place), candidate["id"], f"{candidate['score']:.4f}"]
        for query, answer in enumerate(found, start=1)
        for place, candidate in enumerate(answer["candidates"], start=1)
    ]
    heads = ["query", "rank", "candidate", "score"]
    table(heads if several else heads[1:], rows if several else [row[1:] for row in rows])
    served = [str(query) for query, answer in enumerate(found, start=1) if not answer["candidates"]]
    if served:
        which = _which(served, several)
        print(f"{which}: nothing is left to recommend; all candidates are known from training.")
    new = [str(query) for query, answer in enumerate(found, start=1) if not answer["known"]]
    if new:
        which = _which(new, several)
        trained = all(answer["trained"] for answer in found)
        row = "an embedding trained for unknown ids" if trained else "an untrained embedding"
        print(f"{which}: an id is missing or has no row of its own; {row} answered.")
        if not trained:
            print("To train it: id_dropout = 0.05 in [space].")


def _which(queries: Sequence[str], several: bool) -> str:
    if not several:
        return "The query"
    return f"{'Query' if len(queries) == 1 else 'Queries'} {', '.join(queries)}"


def _headline(record: StudyRecord, trial: TrialRecord) -> str:
    return f"trial {trial.number}, {goals(record, trial)} at epoch {trial.best_epoch}"


def _values(record: StudyRecord, trial: TrialRecord) -> list[str]:
    """The trial's values, one an objective; of a pruned trial the first alone is known."""
    known = [number(value) for value in trial.values or [trial.value]]
    return known + [""] * (len(record.objectives) - len(known))
