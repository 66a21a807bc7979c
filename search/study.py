"""A study in storage: created, opened, its trials claimed one by one, finished and read."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import optuna
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.goals import DIRECTIONS, excesses, values_of
from search.interruption import held
from search.processes import alive, identity
from search.provenance import now
from search.records import (
    StudyRecord,
    TrialRecord,
    attributes,
    finite,
    joined,
    pieces,
    trial_record,
)
from search.spec import StudySpec
from search.stopping import reason
from search.storage import Place
from search.tuners import Proposal, Stage, peers, propose, stage_of
from search.tuners.optuna import Pruner
from search.warm_start import remembered
from spaces import InputError, TowerConfig
from spaces.optuna import distributions

__all__ = ["Claim", "Study", "names"]

_CHARTER, _BUDGET, _SCHEMA = "towersearch", "budget", 1
_STATES = {
    TrialState.COMPLETE: "complete",
    TrialState.PRUNED: "pruned",
    TrialState.FAIL: "failed",
    TrialState.RUNNING: "running",
    TrialState.WAITING: "waiting",
}


@dataclass(frozen=True)
class Claim:
    """A trial that this process is to run, and the finished trials it is compared with.

    Under Hyperband `stage` says how far the trial trains, and which one it goes on from.
    """

    number: int
    params: Mapping[str, Any]
    seed: int
    peers: list[FrozenTrial]
    stage: Stage | None = None

    @property
    def config(self) -> TowerConfig:
        """The resolved configuration."""
        return TowerConfig(**self.params)

    @property
    def epochs(self) -> int:
        """How many epochs the trial trains at most."""
        return min(self.config.epochs, self.stage.until) if self.stage else self.config.epochs

    @property
    def may_go_on(self) -> bool:
        """Whether a later trial may train on from where this one ends."""
        return self.epochs < self.config.epochs

    def pruner(self, spec: StudySpec) -> Pruner:
        """Who says whether this trial should stop early."""
        return Pruner(spec, self.params, self.peers)


class Study:
    """A study by its name in a storage, with its folder of files beside it."""

    def __init__(self, place: Place, name: str) -> None:
        storage = place.open()
        if name not in _all_names(storage):
            known = ", ".join(names(storage)) or "none yet"
            raise InputError(f"study: no study is called {name!r}; the storage has {known}.")
        self.name, self.folder = name, place.folder(name)
        self._storage, self._place = storage, place
        self._id = storage.get_study_id_from_name(name)
        self._charter = _charter(storage, name)
        self.spec = StudySpec.from_table(self._charter["spec"])
        stored = storage.get_study_user_attrs(self._id)
        learnt = joined(stored, self._charter.get("history", ""))
        self._history = remembered(learnt, self.spec.space)

    @classmethod
    def create(
        cls,
        place: Place,
        spec: StudySpec,
        facts: Mapping[str, Any],
        history: Sequence[Mapping[str, Any]] = (),
    ) -> Study:
        """Put a new study into storage; `facts` are its `data`, `baselines` and `provenance`.

        `history` are trials of another study to learn from. An `InputError` where the name is
        taken.
        """
        name, storage = spec.study.name, place.open(create=True)
        with place.lock(name), held():
            if name in names(storage):
                raise InputError(taken(name))
            study = optuna.create_study(
                storage=storage, study_name=name, directions=spec.directions, load_if_exists=True
            )
            study.set_user_attr(_BUDGET, min(spec.study.trials, spec.limit or spec.study.trials))
            key = f"history-{uuid4().hex}"  # never that of a creation that was cut short
            for attribute, piece in pieces(key, history).items() if history else ():
                study.set_user_attr(attribute, piece)
            charter = {"schema": _SCHEMA, "spec": spec.to_table(), "history": key, **facts}
            study.set_user_attr(_CHARTER, finite(charter))
        return cls(place, name)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the data the study was created on."""
        return str(self._charter["data"]["fingerprint"])

    @property
    def threads(self) -> int:
        """TensorFlow's threads in each worker, fixed when the study was created."""
        return int(self._charter["provenance"]["threads"])

    @property
    def learnt(self) -> int:
        """How many trials of another study the tuner learns from."""
        return len(self._history)

    @property
    def budget(self) -> int:
        """The total of trials."""
        return int(self._storage.get_study_user_attrs(self._id)[_BUDGET])

    def raise_budget(self, trials: int) -> None:
        """Set the total of trials; an `InputError` where it cannot be so many or so few."""
        begun, limit = len(self._trials()), self.spec.limit
        if limit is not None and trials > limit:
            raise InputError(f"trials: must be at most the {limit} of the grid, got {trials}.")
        if trials < begun:
            raise InputError(
                f"trials: must be at least the {begun} that the study has, got {trials}."
            )
        self._storage.set_study_user_attr(self._id, _BUDGET, trials)

    def claim(self) -> Claim | None:
        """The next trial to run: one that was left, else a new one; None where none is due."""
        with self._place.lock(self.name):
            trials = self._trials()
            for trial in trials:
                if trial.state == TrialState.RUNNING and not alive(trial.user_attrs.get("worker")):
                    self._set_state(trial.number, TrialState.WAITING)
            for trial in self._trials():
                if trial.state == TrialState.WAITING:
                    return self._adopt(trial, trials)
            if len(trials) < self.budget and reason(self.record()):
                self._storage.set_study_user_attr(self._id, _BUDGET, len(trials))
            return self._create(trials) if len(trials) < self.budget else None

    def report(self, claim: Claim, epoch: int, value: float) -> None:
        """Store the objective after an epoch, for pruners and for whoever watches."""
        self._storage.set_trial_intermediate_value(self._trial_id(claim.number), epoch, value)

    def finish(self, claim: Claim, fields: Mapping[str, Any]) -> None:
        """Store how a trial ended; `fields` are those of its record, `state` among them."""
        stored = dict(fields)
        state = stored.pop("state")
        for name, item in attributes(stored | {"finished": now()}).items():
            self._storage.set_trial_user_attr(self._trial_id(claim.number), name, item)
        ended = next(ours for ours, name in _STATES.items() if name == state)
        values = values_of(self.spec.study.objective, fields)
        for name, excess in excesses(self.spec.constraints, fields).items():
            # As `Trial.set_constraint`, which would refuse to do it again after a kill.
            self._storage.set_trial_system_attr(
                self._trial_id(claim.number), f"constraints:{name}", excess
            )
        self._set_state(claim.number, ended, values)
        for spent in (self.origin(claim), None if claim.may_go_on else self.checkpoint(claim)):
            if spent:
                spent.unlink(missing_ok=True)

    def release(self, claim: Claim) -> None:
        """Leave an unfinished trial to whoever claims it next."""
        self._set_state(claim.number, TrialState.WAITING)

    def checkpoint(self, claim: Claim) -> Path:
        """Where the trial's checkpoint lies."""
        return self._checkpoint(claim.number)

    def origin(self, claim: Claim) -> Path | None:
        """Where the last checkpoint lies of the trial that this one goes on from, if any."""
        parent = claim.stage.parent if claim.stage else None
        return None if parent is None else self._checkpoint(parent)

    def clear(self) -> None:
        """Remove what no trial will go on from any more, once the whole budget has ended."""
        ended = [trial for trial in self._trials() if trial.state.is_finished()]
        if len(ended) >= self.budget:
            for left in (self.folder / "checkpoints").glob("*.checkpoint"):
                left.unlink(missing_ok=True)

    def trial(self, number: int) -> TrialRecord:
        """The record of one trial."""
        return self._record_of(self._storage.get_trial(self._trial_id(number)))

    def record(self) -> StudyRecord:
        """The study and its trials as plain data."""
        return StudyRecord(
            name=self.name,
            objectives=self.spec.study.objective,
            directions=[DIRECTIONS[name] for name in self.spec.study.objective],
            budget=self.budget,
            spec=self._charter["spec"],
            spec_toml=self.spec.to_toml(),
            data=self._charter["data"],
            baselines=self._charter["baselines"],
            provenance=self._charter["provenance"],
            trials=[self._record_of(trial) for trial in self._trials()],
        )

    def _record_of(self, trial: FrozenTrial) -> TrialRecord:
        """The trial's record; while it trains, its curve is the objective as reported so far."""
        record = trial_record(trial, _state(trial))
        if trial.state.is_finished():
            return record
        metric = self.spec.study.objective[0]
        reported = sorted(trial.intermediate_values.items())
        return replace(record, curve=[{"epoch": n, metric: value} for n, value in reported])

    def _adopt(self, trial: FrozenTrial, trials: list[FrozenTrial]) -> Claim:
        self._storage.set_trial_user_attr(self._trial_id(trial.number), "worker", identity())
        self._set_state(trial.number, TrialState.RUNNING)
        seed, rivals = trial.user_attrs["seed"], peers(self.spec, trial.number, trials)
        return Claim(trial.number, trial.params, seed, rivals, stage_of(trial))

    def _create(self, trials: list[FrozenTrial]) -> Claim | None:
        number = len(trials)
        proposal = propose(self.spec, number, [*self._history, *trials])
        if proposal is None:  # the tuner has nothing left to propose
            self._storage.set_study_user_attr(self._id, _BUDGET, number)
            return None
        params, stage = dict(proposal.params), proposal.stage
        seed, rivals = self._seed(number, proposal), peers(self.spec, number, trials)
        claim = Claim(number, params, seed, rivals, stage)
        known = distributions(self.spec.space)
        self._storage.create_new_trial(
            self._id,
            create_trial(
                state=TrialState.RUNNING,
                params=params,
                distributions={name: known[name] for name in params},
                user_attrs={
                    "worker": identity(),
                    "seed": seed,
                    "config": claim.config.as_dict(),
                    "started": now(),
                    **({"stage": stage.as_dict()} if stage else {}),
                },
            ),
        )
        return claim

    def _seed(self, number: int, proposal: Proposal) -> int:
        """What the training's randomness derives from: a trial that goes on keeps its parent's."""
        if proposal.stage and proposal.stage.parent is not None:
            parent = self._storage.get_trial(self._trial_id(proposal.stage.parent))
            return int(parent.user_attrs["seed"])
        return zlib.crc32(f"{self.spec.study.seed}/{number}/training".encode())

    def _checkpoint(self, number: int) -> Path:
        return self.folder / "checkpoints" / f"{number}.checkpoint"

    def _trials(self) -> list[FrozenTrial]:
        return self._storage.get_all_trials(self._id, deepcopy=False)

    def _trial_id(self, number: int) -> int:
        return self._storage.get_trial_id_from_study_id_trial_number(self._id, number)

    def _set_state(self, number: int, state: TrialState, values: list[float] | None = None) -> None:
        self._storage.set_trial_state_values(self._trial_id(number), state, values)


def names(storage: BaseStorage) -> list[str]:
    """The names of the storage's studies that this toolkit created, in their order."""
    return [study.study_name for study in storage.get_all_studies() if _CHARTER in study.user_attrs]


def taken(name: str) -> str:
    """The sentence for a name that is there already."""
    return (
        f"name: a study called {name!r} exists; go on with it by `towersearch resume {name}`, "
        "or give another --name."
    )


def _all_names(storage: BaseStorage) -> list[str]:
    return [study.study_name for study in storage.get_all_studies()]


def _charter(storage: BaseStorage, name: str) -> dict[str, Any]:
    charter = storage.get_study_user_attrs(storage.get_study_id_from_name(name)).get(_CHARTER)
    if charter is None:
        raise InputError(f"study: {name!r} was not created by towersearch; name another one.")
    if charter["schema"] > _SCHEMA:
        raise InputError(
            f"study: {name!r} has records of schema {charter['schema']}, and this version reads up "
            f"to {_SCHEMA}; use the version that wrote it."
        )
    return dict(charter)


def _state(trial: FrozenTrial) -> str:
    """The trial's state; one whose worker has died waits, whatever storage says."""
    if trial.state == TrialState.RUNNING and not alive(trial.user_attrs.get("worker")):
        return "waiting"
    return _STATES[trial.state]
