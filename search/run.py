"""Begins a study, and works through its trials in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from search.baselines import baselines
from search.baselines.fold import Standing
from search.data.cache import prepare
from search.data.encoded import EncodedData
from search.data.sources import load
from search.provenance import provenance
from search.records import TrialRecord
from search.spec import StudySpec
from search.storage import Place
from search.study import Claim, Study, names, taken
from search.training.evaluation import Seen
from search.training.measures import OBJECTIVES, measure
from search.training.program import Programs
from search.training.threads import use_threads
from search.trial import Goal, Hooks, Interrupted, Task, run_trial
from spaces import InputError

__all__ = ["Listener", "begin", "work"]


class Listener(Protocol):
    """Who is told of a study's progress."""

    def epoch(self, number: int, epoch: int, epochs: int, value: float | None) -> None:
        """A trial has trained an epoch; `value` is the objective where it was validated."""

    def trial(self, trial: TrialRecord) -> None:
        """A trial has ended."""


def begin(
    spec: StudySpec, place: Place, *, threads: int, command: str, data_dir: Path | None = None
) -> Study:
    """Encode the data, measure the baselines and put the study into storage.

    Nothing is written where the name is taken or the data cannot be had: both are an `InputError`.
    """
    if place.exists and spec.study.name in names(place.open()):
        raise InputError(taken(spec.study.name))
    place.check()
    use_threads(threads)
    folder = place.folder(spec.study.name)
    data = _data(spec, folder, data_dir)
    lines = baselines(data, "validation", spec.data.exclude_seen, spec.study.objective[0])
    facts = {
        "data": {"fingerprint": data.fingerprint, **data.summary},
        "baselines": {name: _measures(line, data) for name, line in lines.items()},
        "provenance": provenance(command, threads),
    }
    return Study.create(place, spec, facts)


def work(
    study: Study, listener: Listener, stops: Callable[[], bool], data_dir: Path | None = None
) -> None:
    """Run trials until the budget is used up or `stops()`; a trial cut short is left to others."""
    use_threads(study.threads)
    desk = _Desk.of(study, data_dir)
    while not stops() and (claim := study.claim()):
        try:
            outcome = run_trial(desk.task(study, claim), desk.hooks(study, claim, listener, stops))
        except Interrupted:
            study.release(claim)
            return
        study.finish(claim, vars(outcome))
        listener.trial(study.trial(claim.number))


@dataclass(frozen=True)
class _Desk:
    """What the trials of a study share in a process."""

    data: EncodedData
    seen: Seen | None
    goal: Goal
    programs: Programs

    @classmethod
    def of(cls, study: Study, data_dir: Path | None) -> _Desk:
        spec = study.spec
        data = _data(spec, study.folder, data_dir, study.fingerprint)
        metric = spec.study.objective[0]
        goal = Goal(metric, OBJECTIVES[metric], spec.study.value_at)
        return cls(data, _seen(spec, data), goal, Programs())

    def task(self, study: Study, claim: Claim) -> Task:
        return Task(
            data=self.data,
            config=claim.config,
            seed=claim.seed,
            goal=self.goal,
            checkpoint=study.checkpoint(claim),
            programs=self.programs,
            seen=self.seen,
            by_score=study.spec.data.split.by == "tutorial",
        )

    def hooks(
        self, study: Study, claim: Claim, listener: Listener, stops: Callable[[], bool]
    ) -> Hooks:
        pruner = claim.pruner(study.spec)

        def reports(epoch: int, entry: dict[str, Any] | None) -> None:
            value = entry[self.goal.metric] if entry else None
            if value is not None:
                study.report(claim, epoch, value)
            listener.epoch(claim.number, epoch, claim.config.epochs, value)

        return Hooks(prunes=pruner.prunes, stops=stops, reports=reports)


def _data(
    spec: StudySpec, folder: Path, data_dir: Path | None, fingerprint: str | None = None
) -> EncodedData:
    source = spec.data.source
    return prepare(lambda: load(source, data_dir), spec.data.split, folder / "data", fingerprint)


def _measures(line: Standing, data: EncodedData) -> dict[str, float]:
    return measure(line.ranks, data.n_candidates) | {"coverage": line.coverage}


def _seen(spec: StudySpec, data: EncodedData) -> Seen | None:
    if not spec.data.exclude_seen:
        return None
    train, validation = data.parts["train"], data.parts["validation"]
    return Seen.of(data.users[validation], data.users[train], data.positives[train])
