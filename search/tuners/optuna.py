"""Optuna's samplers and pruners as functions of the record, by way of a study in memory."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import optuna
from optuna.pruners import (
    BasePruner,
    HyperbandPruner,
    MedianPruner,
    NopPruner,
    PatientPruner,
    SuccessiveHalvingPruner,
)
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.trial import FrozenTrial, Trial, TrialState, create_trial

from search.tuners.allocation import allocation
from spaces.optuna import distributions, suggest

if TYPE_CHECKING:
    from search.spec import StudySpec

__all__ = ["Pruner", "propose"]

_SAMPLERS: Mapping[str, Callable[[int], BaseSampler]] = {
    "optuna.tpe": lambda seed: TPESampler(seed=seed, multivariate=True, group=True),
    "optuna.random": lambda seed: RandomSampler(seed=seed),
}
_ETA = 3

optuna.logging.set_verbosity(optuna.logging.WARNING)


def propose(spec: StudySpec, number: int, trials: Sequence[FrozenTrial]) -> dict[str, Any]:
    """What the spec's sampler suggests for trial `number` after these trials of its share.

    The sampler is seeded by the study's seed and the number, so it has no state to lose.
    """
    seed = zlib.crc32(f"{spec.study.seed}/{number}".encode())
    with _experiments_unmentioned():
        sampler = _SAMPLERS[spec.study.tuner](seed)
    study = _in_memory(spec, sampler, NopPruner())
    study.add_trials([_copy(trial) for trial in trials])
    return suggest(study.ask(), allocation(spec, number).space)


class Pruner:
    """Says after each of a trial's validations whether the trial should stop there.

    Successive halving keeps notes on every trial it has judged; replaying the reports of the
    finished trials, in order, brings the notes back.
    """

    def __init__(
        self,
        spec: StudySpec,
        params: Mapping[str, Any],
        trials: Sequence[FrozenTrial],
    ) -> None:
        self._study = _in_memory(spec, RandomSampler(seed=0), _pruner(spec))
        for trial in trials:
            self._replay(trial)
        self._trial = self._running(params, distributions(spec.space))

    def prunes(self, epoch: int, value: float) -> bool:
        """Whether the trial, with this objective's value after `epoch` epochs, should stop."""
        self._trial.report(value, epoch)
        return self._trial.should_prune()

    def _replay(self, finished: FrozenTrial) -> None:
        trial = self._running(finished.params, finished.distributions)
        for epoch, value in finished.intermediate_values.items():
            trial.report(value, epoch)
            trial.should_prune()
        complete = finished.state == TrialState.COMPLETE
        self._study.tell(trial, finished.values if complete else None, finished.state)

    def _running(self, params: Mapping[str, Any], known: Mapping[str, Any]) -> Trial:
        own = {name: known[name] for name in params}
        self._study.add_trial(
            create_trial(state=TrialState.RUNNING, params=dict(params), distributions=own)
        )
        return Trial(self._study, self._study.get_trials(deepcopy=False)[-1]._trial_id)


def _in_memory(spec: StudySpec, sampler: BaseSampler, pruner: BasePruner) -> optuna.Study:
    return optuna.create_study(
        study_name=spec.study.name,
        directions=[spec.direction],
        sampler=sampler,
        pruner=pruner,
    )


def _copy(trial: FrozenTrial) -> FrozenTrial:
    """A trial as samplers see it, without the curves and notes that its record carries."""
    return create_trial(
        state=trial.state,
        values=trial.values,
        params=trial.params,
        distributions=trial.distributions,
        intermediate_values=trial.intermediate_values,
    )


def _pruner(spec: StudySpec) -> BasePruner:
    """The spec's pruner; its resources are the spec's epochs, never guessed from the trials."""
    epochs = spec.epochs
    first = min(max(_ETA, 1), epochs)
    median = MedianPruner(n_startup_trials=5, n_warmup_steps=2)
    makers: Mapping[str, Callable[[], BasePruner]] = {
        "none": NopPruner,
        "median": lambda: median,
        "successive_halving": lambda: SuccessiveHalvingPruner(first, _ETA),
        "hyperband": lambda: HyperbandPruner(first, epochs, _ETA),
        "patient": lambda: PatientPruner(median, patience=2),
    }
    with _experiments_unmentioned():
        return makers[spec.study.pruner]()


@contextmanager
def _experiments_unmentioned() -> Iterator[None]:
    """Optuna warns of what it may still change; the lock pins what this toolkit was tested with."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        yield
