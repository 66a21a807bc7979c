"""How a study's values were measured, and what such a value cannot tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from search.records import StudyRecord

__all__ = ["protocol"]

_LIMITS: Mapping[str, str] = {
    "random": (
        "A random split trains on interactions that are later than those it measures: it does not "
        "tell how well a model predicts later ones."
    ),
    "temporal": (
        "A split at one moment measures mostly users who came later: it does not tell how well a "
        "model serves those it knows."
    ),
    "leave_last_out": (
        "One interaction a user is measured, while training holds later ones of other users: it "
        "counts every user alike, and does not tell how well a model predicts what becomes popular."
    ),
    "tutorial": (
        "The tutorial's split has no test part: the values are of the part that chose between "
        "epochs and trials, and are the better for it."
    ),
}


def protocol(study: StudyRecord) -> list[str]:
    """Sentences on split, seen candidates, vocabularies, newcomers and limits; none if unknown."""
    data = study.spec.get("data", {})
    split = data.get("split", {})
    if not split:
        return []
    return [
        *_division(split, study.part),
        _seen(bool(data.get("exclude_seen"))),
        *_newcomers(study.data.get("cold", {}).get(study.part) or {}, study.part),
        _LIMITS[split["by"]],
    ]


def _division(split: Mapping[str, Any], part: str) -> Iterator[str]:
    by = split["by"].replace("_", " ")
    shares = "" if by in ("tutorial", "leave last out") else f" ({_shares(split)})"
    trained = "the training and validation parts" if part == "test" else "the training part"
    yield f"Split: {by}{shares}. Trained on {trained}, measured on the {part} part."
    source = "all data, as in the tutorial" if by == "tutorial" else "what is trained on alone"
    yield f"Vocabularies and buckets come from {source}."


def _shares(split: Mapping[str, Any]) -> str:
    return ", ".join(f"{split[name]:.0%} {name}" for name in ("train", "validation", "test"))


def _seen(excluded: bool) -> str:
    if excluded:
        return "What a user has in training is taken out of the ranking (exclude_seen)."
    return "What a user has in training stays in the ranking and competes for its places."


def _newcomers(cold: Mapping[str, Any], part: str) -> Iterator[str]:
    for who in ("user", "candidate"):
        if share := cold.get(who):
            yield f"{share:.1%} of the {part} interactions are of a {who} that training never saw."
