"""A study in storage: created, opened, its trials claimed one by one, finished and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import optuna
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.interruption import held
from search.processes import alive, identity
from search.provenance import now
from search.records import (
    StudyRecord,
    TrialRecord,
    attributes,
    finite,
    from_pieces,
    in_pieces,
    trial_record,
)
from search.spec import StudySpec
from search.storage import Place
from search.training.measures import OBJECTIVES
from search.tuners import peers, propose
from search.tuners.optuna import Pruner
from spaces import InputError, TowerConfig
from spaces.optuna import distributions

__all__ = ["Claim", "Study", "names"]

_CHARTER, _BUDGET, _SCHEMA = "towersearch", "budget", 1
_CONFIRMATION = "confirmation"
_STATES = {
    TrialState.COMPLETE: "complete",
    TrialState.PRUNED: "pruned",
    TrialState.FAIL: "failed",
    TrialState.RUNNING: "running",
    TrialState.WAITING: "waiting",
}


@dataclass(frozen=True)
class Claim:
    """A trial that this process is to run, and the finished trials it is compared with."""

    number: int
    params: Mapping[str, Any]
    seed: int
    peers: list[FrozenTrial]

    @property
    def config(self) -> TowerConfig:
        """The resolved configuration."""
        return TowerConfig(**self.params)

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

    @classmethod
    def create(cls, place: Place, spec: StudySpec, facts: Mapping[str, Any]) -> Study:
        """Put a new study into storage; `facts` are its `data`, `baselines` and `provenance`.

        A study that confirms another has its `confirmation` among them, which may be long. An
        `InputError` where the name is taken.
        """
        name, storage = spec.study.name, place.open(create=True)
        with place.lock(name), held():
            if name in names(storage):
                raise InputError(taken(name))
            study = optuna.create_study(
                storage=storage, study_name=name, directions=[spec.direction], load_if_exists=True
            )
            study.set_user_attr(_BUDGET, min(spec.study.trials, spec.limit or spec.study.trials))
            charter = {"schema": _SCHEMA, "spec": spec.to_table(), **facts}
            if (confirmation := charter.pop(_CONFIRMATION, None)) is not None:
                for key, piece in in_pieces(_CONFIRMATION, confirmation).items():
                    study.set_user_attr(key, piece)
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
    def budget(self) -> int:
        """The total of trials."""
        return int(self._attributes()[_BUDGET])

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
            return self._create(trials) if len(trials) < self.budget else None

    def report(self, claim: Claim, epoch: int, value: float) -> None:
        """Store the objective after an epoch, for pruners and for whoever watches."""
        self._storage.set_trial_intermediate_value(self._trial_id(claim.number), epoch, value)

    def finish(self, claim: Claim, fields: Mapping[str, Any]) -> None:
        """Store how a trial ended; `fields` are those of its record, `state` among them."""
        stored = dict(fields)
        state, value = stored.pop("state"), stored.get("value")
        for name, item in attributes(stored | {"finished": now()}).items():
            self._storage.set_trial_user_attr(self._trial_id(claim.number), name, item)
        ended = next(ours for ours, name in _STATES.items() if name == state)
        values = None if value is None else [value]
        self._set_state(claim.number, ended, values)
        self.checkpoint(claim).unlink(missing_ok=True)

    def release(self, claim: Claim) -> None:
        """Leave an unfinished trial to whoever claims it next."""
        self._set_state(claim.number, TrialState.WAITING)

    def checkpoint(self, claim: Claim) -> Path:
        """Where the trial's checkpoint lies."""
        return self.folder / "checkpoints" / f"{claim.number}.checkpoint"

    def trial(self, number: int) -> TrialRecord:
        """The record of one trial."""
        return self._record_of(self._storage.get_trial(self._trial_id(number)))

    def record(self) -> StudyRecord:
        """The study and its trials as plain data."""
        return StudyRecord(
            name=self.name,
            objectives=self.spec.study.objective,
            directions=[OBJECTIVES[name] for name in self.spec.study.objective],
            budget=self.budget,
            spec=self._charter["spec"],
            spec_toml=self.spec.to_toml(),
            data=self._charter["data"],
            baselines=self._charter["baselines"],
            provenance=self._charter["provenance"],
            trials=[self._record_of(trial) for trial in self._trials()],
            confirmation=from_pieces(_CONFIRMATION, self._attributes()) or {},
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
        seed = trial.user_attrs["seed"]
        return Claim(trial.number, trial.params, seed, peers(self.spec, trial.number, trials))

    def _create(self, trials: list[FrozenTrial]) -> Claim | None:
        number = len(trials)
        params = propose(self.spec, number, trials)
        if params is None:  # the tuner has nothing left to propose
            self._storage.set_study_user_attr(self._id, _BUDGET, number)
            return None
        seed = self.spec.training_seed(number)
        claim = Claim(number, params, seed, peers(self.spec, number, trials))
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
                },
            ),
        )
        return claim

    def _attributes(self) -> dict[str, Any]:
        return self._storage.get_study_user_attrs(self._id)

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
