"""A study in storage: created, opened, its trials claimed one by one, finished and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any
from uuid import uuid4

from optuna.exceptions import UpdateFinishedTrialError
from optuna.trial import FrozenTrial, TrialState

from search.goals import DIRECTIONS
from search.interruption import held
from search.records import StudyRecord, TrialRecord, joined
from search.resolve import spec_from_table
from search.spec import StudySpec
from search.stopping import reason
from search.storage import Place
from search.storage.patience import patient, reading
from search.study.artifacts import Artifacts
from search.study.charter import BUDGET, EXHAUSTED, charter, names, taken, write_charter
from search.study.claims import Claim, begun, is_of, killed, this_worker, worker_of
from search.study.liveness import Watch, beating
from search.study.stored_trials import StoredTrials
from search.study.warm_start import drawn_apart, remembered
from search.tuners import Proposal, peers, propose, stage_of
from spaces import InputError

__all__ = ["Study"]


class Study:
    """A study by its name in a storage, with its folder of files beside it.

    Without `write` it is only read, and its storage is left as it is.
    """

    def __init__(self, place: Place, name: str, *, write: bool = True) -> None:
        self.name, self.place, self.folder = name, place, place.folder(name)
        self.artifacts, self._watch = Artifacts(self.folder), Watch()
        self.waiting = False  # whether `claim` found nothing until a running trial has ended
        self._storage = place.open(write=write)
        self._charter = self._read_charter()
        self.spec = spec_from_table(self._charter["spec"])
        self._id = self._storage.get_study_id_from_name(name)
        self._trials = StoredTrials(self._storage, self._id, self.spec)
        self._history = remembered(self._read_long("history") or [], self.spec.space)
        self._drawn_by = drawn_apart(self.spec) if self._history else self.spec
        self._confirmation = self._read_long("confirmation") or {}

    @classmethod
    def create(
        cls,
        place: Place,
        spec: StudySpec,
        facts: Mapping[str, Any],
        history: Sequence[Mapping[str, Any]] = (),
    ) -> Study:
        """Put a new study into storage; `facts` are its `data`, `baselines` and `provenance`.

        A study that confirms another has its `confirmation` among them, which may be long.
        `history` are trials of another study to learn from. An `InputError` where the name is
        taken.
        """
        name, storage = spec.study.name, place.open(create=True)
        with place.lock(name), held():
            if name in names(storage):
                raise InputError(taken(name))
            write_charter(storage, spec, facts, history)
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
        return int(self._storage.get_study_user_attrs(self._id)[BUDGET])

    @patient
    def raise_budget(self, trials: int) -> None:
        """Set the total of trials; an `InputError` where it cannot be so many or so few."""
        begun, limit = len(self._trials.all()), self.spec.limit
        if limit is not None and trials > limit:
            raise InputError(f"trials: must be at most the {limit} of the grid, got {trials}.")
        if trials > begun and (rule := reason(self._record())) and not self._exhausted:
            raise InputError(
                f"trials: must stay {begun} where {rule}, got {trials}; begin another study with "
                f"--warm-start {self.name}."
            )
        if trials < begun:
            raise InputError(
                f"trials: must be at least the {begun} that the study has, got {trials}."
            )
        self._set_budget(trials)

    @patient
    def undecided(self) -> bool:
        """Whether it is yet to be seen if another machine's worker lives: look again in a moment.

        Until then nobody should claim: the trial may be theirs to take.
        """
        running = _running(self._trials.all())
        self._watch.look(running)
        return any(self._watch.lives(trial) is None for trial in running)

    def claim(self) -> Claim | None:
        """The next trial to run: one that was left, else a new one; None where none is due."""
        return self._claim(uuid4().hex)

    @patient
    def report(self, claim: Claim, epoch: int, value: float) -> None:
        """Store the objective after an epoch, for pruners and for whoever watches."""
        with suppress(UpdateFinishedTrialError):  # another worker took the trial, and ended it
            self._trials.report(claim.number, epoch, value)

    def beating(self, claim: Claim) -> AbstractContextManager[None]:
        """Show other machines, while the block runs, that the trial's worker lives."""
        return beating(lambda n: self._trials.note(claim.number, "beat", n))

    @patient
    def finish(self, claim: Claim, fields: Mapping[str, Any]) -> bool:
        """Store how a trial ended; `fields` are those of its record, `state` among them.

        False, and nothing is stored, where another worker has taken the trial since: to this one
        it looked dead.
        """
        with self._lock():
            trial = self._trials[claim.number]
            if not is_of(trial, claim.token):
                return False
            if not trial.state.is_finished():
                self._trials.end(claim.number, fields)
        self.tidy()
        return True

    @patient
    def release(self, claim: Claim) -> None:
        """Leave an unfinished trial to whoever claims it next."""
        with self._lock():
            trial = self._trials[claim.number]
            if trial.state == TrialState.RUNNING and is_of(trial, claim.token):
                self._trials.set_state(claim.number, TrialState.WAITING)

    @patient
    def bury(self, worker: Mapping[str, Any], cause: str) -> bool:
        """Leave a worker's trial to others after it died; whether it was running one.

        A trial that killed more workers than the spec's `retries`, without a new checkpoint in
        between, has failed.
        """
        with self._lock():
            for trial in self._trials.all():
                if trial.state == TrialState.RUNNING and worker.items() <= worker_of(trial).items():
                    self._count_death(trial, cause)
                    return True
        return False

    @patient
    def tidy(self) -> None:
        """Remove the files that no trial needs any more."""
        maximize = self.spec.directions[0] == "maximize"
        self.artifacts.tidy(self._trials.all(), maximize, self.budget)

    @patient
    def trial(self, number: int) -> TrialRecord:
        """The record of one trial."""
        return self._trials.record(self._trials[number])

    @patient
    def _read_charter(self) -> dict[str, Any]:
        with reading(self.place, self.name):
            return charter(self._storage, self.name)

    @patient
    def _read_long(self, name: str) -> Any:
        """What the charter only says the place of; None where it has none."""
        with reading(self.place, self.name):
            stored = self._storage.get_study_user_attrs(self._id)
        return joined(stored, self._charter.get(name, ""))

    @patient
    def record(self) -> StudyRecord:
        """The study and its trials as plain data."""
        with reading(self.place, self.name):
            return self._record()

    def _record(self) -> StudyRecord:
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
            trials=[self._trials.record(trial) for trial in self._trials.all()],
            confirmation=self._confirmation,
            exhausted=self._exhausted,
        )

    @property
    def _exhausted(self) -> bool:
        """Whether the tuner has said that it has nothing left, or its grid has been dealt out."""
        said: bool = self._storage.get_study_user_attrs(self._id).get(EXHAUSTED, False)
        return said or self.budget == self.spec.limit

    @patient
    def _claim(self, token: str) -> Claim | None:
        self.waiting = False
        with self._lock():
            trials = self._trials.all()
            for trial in trials:
                if is_of(trial, token):  # claimed, and the server went away before it said so
                    return self._claimed(trial, trials, token)
            self._watch.look(trials)
            for trial in trials:
                if self._is_left(trial) and self._adopt(trial, token):
                    return self._claimed(trial, trials, token)
            if len(trials) < self.budget and reason(self._record()):
                self._set_budget(len(trials))
            return self._create(trials, token) if len(trials) < self.budget else None

    def _is_left(self, trial: FrozenTrial) -> bool:
        if trial.state == TrialState.RUNNING:
            return self._watch.lives(trial) is False
        return trial.state == TrialState.WAITING

    def _adopt(self, trial: FrozenTrial, token: str) -> bool:
        """Take a trial that was left; False where another process was first."""
        self._trials.set_state(trial.number, TrialState.WAITING)
        if not self._trials.set_state(trial.number, TrialState.RUNNING):
            return False
        self._trials.note(trial.number, "worker", this_worker(token))
        return True

    def _claimed(self, trial: FrozenTrial, trials: list[FrozenTrial], token: str) -> Claim:
        others, seed = peers(self.spec, trial.number, trials), trial.user_attrs["seed"]
        return Claim(trial.number, trial.params, seed, others, stage_of(trial), token)

    def _create(self, trials: list[FrozenTrial], token: str) -> Claim | None:
        number = self._trials.next_number
        proposal = propose(self._drawn_by, number, [*self._history, *trials])
        if proposal is None:
            self.waiting = bool(_running(trials))
            if not self.waiting:
                self._storage.set_study_user_attr(self._id, EXHAUSTED, True)
                self._set_budget(len(trials))
            return None
        seed, others = self._seed(number, proposal), peers(self.spec, number, trials)
        claim = Claim(number, proposal.params, seed, others, proposal.stage, token)
        self._trials.create(begun(claim, self.spec.space))
        return claim

    def _seed(self, number: int, proposal: Proposal) -> int:
        """What the training's randomness derives from: a trial that goes on keeps its parent's."""
        if proposal.stage and proposal.stage.parent is not None:
            return int(self._trials[proposal.stage.parent].user_attrs["seed"])
        return self.spec.training_seed(number)

    def _count_death(self, trial: FrozenTrial, cause: str) -> None:
        mark, before = self.artifacts.mark(trial.number), trial.user_attrs.get("deaths", {})
        count = 1 + (before.get("count", 0) if before.get("mark") == mark else 0)
        if count > self.spec.study.retries:
            self._trials.end(trial.number, {"state": "failed", "error": killed(count, cause)})
            return
        deaths = {"count": count, "mark": mark}
        self._trials.note(trial.number, "deaths", deaths)
        self._trials.set_state(trial.number, TrialState.WAITING)

    def _lock(self) -> AbstractContextManager[None]:
        return self.place.lock(self.name)

    def _set_budget(self, trials: int) -> None:
        self._storage.set_study_user_attr(self._id, BUDGET, trials)


def _running(trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
    return [trial for trial in trials if trial.state == TrialState.RUNNING]
