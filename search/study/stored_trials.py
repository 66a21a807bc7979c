"""A study's trials as its Optuna storage holds them, by their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from optuna.exceptions import StorageInternalError
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial, TrialState

from search.goals import excesses, values_of
from search.processes import alive
from search.provenance import now
from search.records import TrialRecord, attributes, trial_record
from search.spec import StudySpec

__all__ = ["StoredTrials"]

_STATES = {
    TrialState.COMPLETE: "complete",
    TrialState.PRUNED: "pruned",
    TrialState.FAIL: "failed",
    TrialState.RUNNING: "running",
    TrialState.WAITING: "waiting",
}


class StoredTrials:
    """The trials of the study with this id in the storage; `spec` says what they are judged by."""

    def __init__(self, storage: BaseStorage, study: int, spec: StudySpec) -> None:
        self._storage, self._study, self._spec = storage, study, spec

    def all(self) -> list[FrozenTrial]:
        """The trials, without any that was proposed for another number, and so created in error."""
        return [t for t in self._created() if t.user_attrs.get("number", t.number) == t.number]

    def __getitem__(self, number: int) -> FrozenTrial:
        """The trial of this number."""
        return self._storage.get_trial(self._id(number))

    @property
    def next_number(self) -> int:
        """The number of the next trial to be created."""
        return len(self._created())

    def create(self, trial: FrozenTrial) -> None:
        """Put a new trial into storage, whole, which may be done again if another was first."""
        created = self._storage.create_new_trial(self._study, trial)
        number = trial.user_attrs["number"]
        if self._storage.get_trial(created).number != number:  # the lock was lost with its server
            self._storage.set_trial_state_values(created, TrialState.FAIL)
            raise StorageInternalError(f"another process has created trial {number}")

    def note(self, number: int, name: str, value: Any) -> None:
        """Keep something in a trial's record."""
        self._storage.set_trial_user_attr(self._id(number), name, value)

    def report(self, number: int, epoch: int, value: float) -> None:
        """Keep the objective after an epoch."""
        self._storage.set_trial_intermediate_value(self._id(number), epoch, value)

    def set_state(self, number: int, state: TrialState, values: list[float] | None = None) -> bool:
        """Move a trial to a state; False where another process was first to run it."""
        return self._storage.set_trial_state_values(self._id(number), state, values)

    def end(self, number: int, fields: Mapping[str, Any]) -> None:
        """Keep how a trial ended: the fields of its record; its `state` comes last."""
        stored = dict(fields)
        state = stored.pop("state")
        for name, item in attributes(stored | {"finished": now()}).items():
            self.note(number, name, item)
        for name, excess in excesses(self._spec.constraints, fields).items():
            # As `Trial.set_constraint`, which would refuse to do it again after a kill.
            key = f"constraints:{name}"
            self._storage.set_trial_system_attr(self._id(number), key, excess)
        ended = next(ours for ours, name in _STATES.items() if name == state)
        self.set_state(number, ended, values_of(self._spec.study.objective, fields))

    def record(self, trial: FrozenTrial) -> TrialRecord:
        """The trial's record; while it trains, its curve is the objective as reported so far."""
        record = trial_record(trial, _state(trial))
        if trial.state.is_finished():
            return record
        metric = self._spec.study.objective[0]
        reported = sorted(trial.intermediate_values.items())
        return replace(record, curve=[{"epoch": n, metric: value} for n, value in reported])

    def _created(self) -> list[FrozenTrial]:
        return self._storage.get_all_trials(self._study, deepcopy=False)

    def _id(self, number: int) -> int:
        return self._storage.get_trial_id_from_study_id_trial_number(self._study, number)


def _state(trial: FrozenTrial) -> str:
    """The trial's state; one whose worker has died waits, whatever storage says."""
    if trial.state == TrialState.RUNNING and alive(trial.user_attrs.get("worker")) is False:
        return "waiting"
    return _STATES[trial.state]
