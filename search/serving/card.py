"""The model card: what an exported model was trained on, how well it did, and how to ask it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from search.summaries import count

__all__ = ["card"]

_TYPES = {
    "text": 'string, "" where missing',
    "number": "float64, NaN where missing",
    "time": "float64, seconds since 1970 in UTC, NaN where missing",
}


def card(facts: Mapping[str, Any]) -> str:
    """Markdown of the facts that `search.serving.export.export` returns."""
    sections = (_head, _data, _accuracy, _serving, _configuration)
    return "\n\n".join(section(facts) for section in sections) + "\n"


def _head(facts: Mapping[str, Any]) -> str:
    part = "all interactions" if facts["refit"] else "the training part alone"
    epochs = count(facts["epochs"], "epoch")
    return (
        f"# {facts['study']}, trial {facts['trial']}\n\n"
        f"A two-tower retrieval model, trained on {part} for {epochs} with seed "
        f"{facts['seed']}."
    )


def _data(facts: Mapping[str, Any]) -> str:
    data = facts["data"]
    names = ("interactions", "users", "candidates")
    counts = ", ".join(f"{data[name]['all']:,} {name}" for name in names)
    return (
        f"## Data\n\n{data['source']}: {counts}. Licence: {data['licence'] or 'not stated'}. "
        f"Fingerprint: {data['fingerprint']}."
    )


def _accuracy(facts: Mapping[str, Any]) -> str:
    spread = ""
    if facts["interval"]:
        spread = " (95% interval over users {:.4f} to {:.4f})".format(*facts["interval"])
    seen = "left out of" if facts["exclude_seen_measured"] else "kept in"
    refit = "\nIt is of the model before it was trained once more, then on all interactions."
    return (
        f"## Accuracy\n\n{facts['metric']} on the validation part: {facts['value']:.4f}{spread}.\n"
        f"Split: {json.dumps(facts['split'])}; training candidates {seen} the ranking.\n"
        "The validation part chose among trials, so the value is optimistic."
        f"{refit if facts['refit'] else ''}"
    )


def _serving(facts: Mapping[str, Any]) -> str:
    inputs = [f"- `{name}`: {_TYPES[form]}" for name, form in facts["inputs"].items()]
    trained = "trained" if facts["unknown_trained"] else "not trained"
    seen = ""
    if facts["exclude_seen"]:
        seen = (
            " A user's training candidates are left out; where fewer are left than are asked for, "
            'the last ids are "" and their scores minus infinity.'
        )
    return "\n".join(
        [
            "## Serving\n",
            *inputs,
            "",
            f"`model/1` answers `serving_default` with the best {facts['k']} candidates: `ids`,",
            "`scores`, and `known`, false where an id of the query has no row of its own.",
            f"The embedding of unknown ids was {trained}.",
            f"Index: {facts['index']}.{seen}",
            *(
                f"`{name}` before {first} counts as that, after {last} (UTC) as that: training "
                "saw no other."
                for name, (first, last) in facts["times"].items()
            ),
            "`query_tower/1` gives a query's `embedding`; `candidates/embeddings.npy` holds those",
            "of the candidates in `candidates/ids.npy`; the score is their dot product.",
        ]
    )


def _configuration(facts: Mapping[str, Any]) -> str:
    lines = [f"- {name} = {json.dumps(value)}" for name, value in facts["config"].items()]
    return "## Configuration\n\n" + "\n".join(lines)
