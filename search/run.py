"""Begins a study, and works through its trials in this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from search.baselines import baselines
from search.baselines.fold import Standing
from search.data.cache import prepare
from search.data.encoded import EncodedData
from search.data.schema import Dataset
from search.data.sources import load
from search.features import chosen
from search.goals import DIRECTIONS
from search.memory import check_tables
from search.provenance import provenance
from search.records import StudyRecord, TrialRecord
from search.spec import StudySpec
from search.storage import Place
from search.study import Study
from search.study.charter import names, taken
from search.study.claims import Claim
from search.study.warm_start import history
from search.task import Goal, Hooks, Task
from search.training.evaluation import Seen
from search.training.measures import check_objectives, measure
from search.training.program import Programs
from search.training.threads import use_threads
from search.trial import Interrupted, run_trial
from spaces import InputError

__all__ = ["Beside", "Listener", "begin", "encoded_data", "raw_data", "seen_candidates", "work"]

_LOOK_SECONDS = 0.5

Beside = Callable[[EncodedData, Mapping[str, Standing]], Mapping[str, Any]]
"""What a study keeps beside its trials, from its data and its baselines' ranks."""


class Listener(Protocol):
    """Who is told of a study's progress."""

    def epoch(self, number: int, epoch: int, epochs: int, value: float | None) -> None:
        """A trial has trained an epoch; `value` is the objective where it was validated."""

    def trial(self, trial: TrialRecord) -> None:
        """A trial has ended."""


def begin(
    spec: StudySpec,
    place: Place,
    *,
    threads: int,
    command: str,
    data_dir: Path | None = None,
    teacher: StudyRecord | None = None,
    beside: Beside = lambda data, lines: {},
) -> Study:
    """Encode the data, measure the baselines and put the study into storage.

    The tuner also learns from those trials of the `teacher` that could be trials of the study.
    `beside` gives further facts to keep, by name. Nothing is written where the name is taken or the
    data cannot be had: both are an `InputError`.
    """
    if place.exists and spec.study.name in names(place.open()):
        raise InputError(taken(spec.study.name))
    place.check()
    use_threads(threads)
    folder = place.folder(spec.study.name)
    data = encoded_data(spec, folder, data_dir)
    lines = baselines(data, spec.part, spec.data.exclude_seen, spec.study.objective[0])
    facts = {
        "data": {"fingerprint": data.fingerprint, **data.summary},
        "baselines": {name: _measures(line, data) for name, line in lines.items()},
        "provenance": provenance(command, threads),
    }
    learnt = history(teacher, spec, data.fingerprint) if teacher else []
    return Study.create(place, spec, {**facts, **beside(data, lines)}, learnt)


def work(
    study: Study, listener: Listener, stops: Callable[[], bool], data_dir: Path | None = None
) -> None:
    """Run trials until the budget is used up or `stops()`; a trial cut short is left to others."""
    use_threads(study.threads)
    desk = _Desk.of(study, data_dir)
    study.tidy()
    while claim := _claimed(study, stops):
        try:
            with study.beating(claim):
                task, hooks = desk.task(study, claim), desk.hooks(study, claim, listener, stops)
                outcome = run_trial(task, hooks)
        except Interrupted:
            study.release(claim)
            return
        if study.finish(claim, vars(outcome)):
            listener.trial(study.trial(claim.number))


def _claimed(study: Study, stops: Callable[[], bool]) -> Claim | None:
    """The next trial; None where none is due, or the person stops first.

    There may be one once it is seen which workers of other machines live, or a trial has ended.
    """
    while not stops():
        if not study.undecided():
            claim = study.claim()
            if claim or not study.waiting:
                return claim
        time.sleep(_LOOK_SECONDS)
    return None


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
        data = encoded_data(spec, study.folder, data_dir, study.fingerprint)
        metric = spec.study.objective[0]
        goal = Goal(metric, DIRECTIONS[metric], spec.study.value_at)
        return cls(data, seen_candidates(spec, data), goal, Programs())

    def task(self, study: Study, claim: Claim) -> Task:
        return Task(
            data=self.data,
            config=claim.config,
            seed=claim.seed,
            goal=self.goal,
            checkpoint=study.artifacts.checkpoint(claim.number),
            weights=study.artifacts.weights(claim.number),
            programs=self.programs,
            origin=None if claim.parent is None else study.artifacts.checkpoint(claim.parent),
            until=claim.epochs,
            keeps=claim.may_go_on,
            seen=self.seen,
            by_score=study.spec.data.split.by == "tutorial",
            part=study.spec.part,
        )

    def hooks(
        self, study: Study, claim: Claim, listener: Listener, stops: Callable[[], bool]
    ) -> Hooks:
        pruner = claim.pruner(study.spec)

        def reports(epoch: int, entry: dict[str, Any] | None) -> None:
            value = entry[self.goal.metric] if entry else None
            if value is not None:
                study.report(claim, epoch, value)
            listener.epoch(claim.number, epoch, claim.epochs, value)

        return Hooks(prunes=pruner.prunes, stops=stops, reports=reports)


def raw_data(spec: StudySpec, data_dir: Path | None) -> Dataset:
    """A study's data as its source has them, with the features that its space may use."""
    return chosen(load(spec.data.origin, data_dir), spec.space)


def encoded_data(
    spec: StudySpec, folder: Path, data_dir: Path | None, fingerprint: str | None = None
) -> EncodedData:
    """A study's data, encoded into its folder unless it is there."""

    def accept(data: EncodedData) -> None:
        check_tables(data.columns, spec.space)
        check_objectives(spec.study.objective, data.n_candidates)

    return prepare(
        lambda: raw_data(spec, data_dir),
        spec.data.split,
        folder / "data",
        fingerprint,
        accept,
        for_test=spec.part == "test",
    )


def seen_candidates(spec: StudySpec, data: EncodedData) -> Seen | None:
    """What the validation part's rankings leave out, if the spec says so."""
    if not spec.data.exclude_seen:
        return None
    train, measured = data.parts["train"], data.parts[spec.part]
    return Seen.of(data.users[measured], data.users[train], data.positives[train])


def _measures(line: Standing, data: EncodedData) -> dict[str, float]:
    return measure(line.ranks, data.n_candidates) | {"coverage": line.coverage}
