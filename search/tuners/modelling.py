"""Which parameters a tuner models, and which it can only sample independently of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.tuners.allocation import allocation
from search.tuners.starts import is_fixed
from spaces import Choice, SearchSpace

if TYPE_CHECKING:
    from search.spec import StudySpec

__all__ = ["independently_sampled", "learns", "modelled", "notice"]

_CONSTRAINED = ("optuna.tpe", "optuna.gp", "optuna.nsga2")
_NUMBERS_ONLY = ("optuna.cmaes",)
_ALWAYS_ACTING_ONLY = ("optuna.cmaes", "optuna.nsga2", "optuna.gp")


def modelled(tuner: str, space: SearchSpace) -> list[str]:
    """The parameters whose values the tuner chooses in view of one another and of the record."""
    return [
        name
        for name in space
        if not is_fixed(space[name])
        and not (tuner in _NUMBERS_ONLY and isinstance(space[name], Choice))
        and not (tuner in _ALWAYS_ACTING_ONLY and not _always_acts(space, name))
    ]


def independently_sampled(spec: StudySpec) -> list[str]:
    """The parameters with a choice to make that the spec's tuner does not model in every trial."""
    found: set[str] = set()
    for number in range(spec.shares):
        space = allocation(spec, number).space
        open_ = {name for name in space if not is_fixed(space[name])}
        found |= open_.difference(modelled(spec.study.tuner, space))
    return [name for name in spec.space if name in found]


def learns(tuner: str) -> bool:
    """Whether what the tuner proposes follows from the values that trials had."""
    return not tuner.endswith((".random", ".qmc", ".grid"))


def notice(spec: StudySpec) -> str | None:
    """What a person should know of the tuner before it begins; None where that is nothing.

    That is what it samples independently or disregards, and whether depths have unequal shares.
    """
    tuner, names = spec.study.tuner, independently_sampled(spec)
    kind = "numbers" if tuner in _NUMBERS_ONLY else "parameters"
    sentences = []
    if names:
        sentences.append(
            f"{tuner} samples {', '.join(names)} independently: "
            f"it models only {kind} that act in every trial."
        )
    if spec.study.constraints and tuner not in _CONSTRAINED:
        sentences.append(
            f"{tuner} searches without regard to the constraints; "
            "the best trial is the best of those that keep them."
        )
    if more := spec.study.trials % spec.shares:
        sentences.append(
            f"{spec.study.trials:,} trials cannot be shared equally by {spec.shares} depths: "
            f"{more} will have one more; a multiple of {spec.shares} gives all as many."
        )
    return " ".join(sentences) or None


def _always_acts(space: SearchSpace, name: str) -> bool:
    return all(
        all(map(rule.holds, space[parent].grid())) and _always_acts(space, parent)
        for parent, rule in space[name].conditions
    )
