"""Optuna's samplers and pruners as functions of the record, by way of a study in memory."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
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
from optuna.samplers import (
    BaseSampler,
    CmaEsSampler,
    GPSampler,
    NSGAIISampler,
    QMCSampler,
    RandomSampler,
    TPESampler,
)
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, Trial, TrialState, create_trial

from search.tuners.allocation import Allocation, allocation
from search.tuners.modelling import modelled
from search.tuners.options import OPTIONS
from search.tuners.scores import scores
from spaces.optuna import distributions, suggest

if TYPE_CHECKING:
    from search.spec import StudySpec

__all__ = ["Pruner", "propose"]

_SAMPLERS: Mapping[str, Callable[..., BaseSampler]] = {
    "optuna.tpe": partial(TPESampler, multivariate=True, group=True),
    "optuna.gp": partial(GPSampler, warn_independent_sampling=False),
    "optuna.cmaes": partial(CmaEsSampler, warn_independent_sampling=False),
    "optuna.nsga2": NSGAIISampler,
    "optuna.random": RandomSampler,
}
_STARTUP = 10
_ETA = 3
_NOTE_KEEPING = ("successive_halving", "hyperband")

optuna.logging.set_verbosity(optuna.logging.WARNING)


def propose(spec: StudySpec, number: int, trials: Sequence[FrozenTrial]) -> dict[str, Any]:
    """What the spec's sampler suggests for trial `number` after these trials of its share.

    The sampler is seeded by the study's seed and the number, so it has no state to lose. Of what
    other workers are training, a model knows the configurations and keeps away from them.
    """
    share = allocation(spec, number)
    if spec.study.tuner == "optuna.qmc":
        return _quasi_random(spec, share)
    seed = zlib.crc32(f"{spec.study.seed}/{number}".encode())
    with _remarks_unmentioned():
        sampler = _SAMPLERS[spec.study.tuner](seed=seed, **_settings(spec))
        study = _in_memory(spec, spec.directions, sampler, NopPruner())
        _remember(study, spec.study.tuner, trials, modelled(spec.study.tuner, share.space))
        return suggest(study.ask(), share.space)


def _settings(spec: StudySpec) -> dict[str, Any]:
    """What the sampler is told: a model begins after ten trials, or a third of a small share."""
    own = dict(spec.study.tuner_options)
    if "n_startup_trials" not in OPTIONS.get(spec.study.tuner, {}):
        return own
    third = spec.study.trials // spec.shares // 3
    return {"n_startup_trials": min(max(third, 2), _STARTUP)} | own


class Pruner:
    """Says after each of a trial's validations whether the trial should stop there.

    Successive halving, Hyperband's too, keeps notes on every trial it has judged; replaying the
    reports of the finished trials, in order, brings the notes back. Other pruners need no replay.
    """

    def __init__(
        self,
        spec: StudySpec,
        params: Mapping[str, Any],
        trials: Sequence[FrozenTrial],
    ) -> None:
        first = spec.directions[:1]
        self._study = _in_memory(spec, first, RandomSampler(seed=0), _pruner(spec))
        if spec.study.pruner in _NOTE_KEEPING:
            for trial in trials:
                self._replay(trial)
        elif spec.study.pruner != "none":
            self._study.add_trials([_copy(trial) for trial in trials])
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


def _quasi_random(spec: StudySpec, share: Allocation) -> dict[str, Any]:
    """The point of the share's turn in a sequence over all parameters, whether they act or not."""
    with _remarks_unmentioned():
        sampler = _PointOfSequence(share.turn, seed=spec.study.seed, **spec.study.tuner_options)
    study = _in_memory(spec, spec.directions, sampler, NopPruner())
    trial = create_trial(state=TrialState.RUNNING)
    point = sampler.sample_relative(study, trial, distributions(share.space))
    return share.space.build(lambda name, _: point[name])


class _PointOfSequence(QMCSampler):
    """Optuna's sampler at a given point, where Optuna counts the points in the study's storage."""

    def __init__(self, index: int, **settings: Any) -> None:
        super().__init__(scramble=True, **settings)
        self._index = index

    def _find_sample_id(self, *_: object) -> int:
        return self._index


def _remember(
    study: optuna.Study, tuner: str, trials: Sequence[FrozenTrial], names: Sequence[str]
) -> None:
    """Put the trials into the study in the form that the tuner learns from."""
    match tuner:
        case "optuna.tpe":
            study.add_trials([_copy(trial) for trial in trials])
        case "optuna.gp":
            learnt = [_scored(trial, names) for trial in trials]
            study.add_trials(_failed_as_the_worst(learnt, study.directions))
        case "optuna.cmaes" | "optuna.nsga2":
            for trial in trials:
                if trial.state.is_finished():
                    _live_again(study, _scored(trial, names))


def _failed_as_the_worst(
    trials: Sequence[FrozenTrial], directions: Sequence[StudyDirection]
) -> Sequence[FrozenTrial]:
    """The trials, the failed ones with the worst that others had: a maximum left untaught stays."""
    ended = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    if not ended:
        return trials
    columns = zip(directions, zip(*(trial.values for trial in ended), strict=True), strict=True)
    worst = [min(column) if d == StudyDirection.MAXIMIZE else max(column) for d, column in columns]
    for trial in trials:
        if trial.state == TrialState.FAIL:
            trial.state, trial.values = TrialState.COMPLETE, worst
            for name in [] if trial.constraints else ended[0].constraints:
                trial.set_constraint(name, max(other.constraints[name] for other in ended))
    return trials


def _live_again(study: optuna.Study, finished: FrozenTrial) -> None:
    """Ask for a trial, have it turn out as the finished one did, and tell.

    Evolution counts its generations as it is asked; what it notes of them stays in memory.
    """
    study.enqueue_trial(finished.params)
    trial = study.ask(finished.distributions)
    _ = trial.relative_params  # asks the sampler, which enqueued parameters alone do not
    for name, excess in finished.constraints.items():
        trial.set_constraint(name, excess)
    study.tell(trial, finished.values, finished.state)


def _in_memory(
    spec: StudySpec, directions: Sequence[Any], sampler: BaseSampler, pruner: BasePruner
) -> optuna.Study:
    return optuna.create_study(
        study_name=spec.study.name,
        directions=directions,
        sampler=sampler,
        pruner=pruner,
    )


def _copy(trial: FrozenTrial) -> FrozenTrial:
    """A trial as TPE sees it: one without a score counts as pruned at once, which is the worst."""
    known: dict[str, Any] = {
        "params": trial.params,
        "distributions": trial.distributions,
        "constraints": trial.constraints,
    }
    if not trial.state.is_finished():
        return create_trial(state=TrialState.RUNNING, **known)
    if scores(trial) is None:
        return create_trial(state=TrialState.PRUNED, **known)
    reported = trial.intermediate_values
    return create_trial(
        state=trial.state, values=trial.values, intermediate_values=reported, **known
    )


def _scored(trial: FrozenTrial, names: Sequence[str]) -> FrozenTrial:
    """The parameters of these names, complete with the trial's scores where it has any."""
    values = scores(trial)
    without = TrialState.FAIL if trial.state.is_finished() else TrialState.RUNNING
    return create_trial(
        state=without if values is None else TrialState.COMPLETE,
        values=values,
        params={name: trial.params[name] for name in names},
        distributions={name: trial.distributions[name] for name in names},
        constraints=dict(sorted(trial.constraints.items())),  # compared by their places
    )


def _pruner(spec: StudySpec) -> BasePruner:
    """The spec's pruner; its resources are the spec's epochs, never guessed from the trials."""
    epochs = spec.epochs
    first = _ETA if epochs > _ETA else 1
    median = MedianPruner(n_startup_trials=5, n_warmup_steps=2)
    makers: Mapping[str, Callable[[], BasePruner]] = {
        "none": NopPruner,
        "median": lambda: median,
        "successive_halving": lambda: SuccessiveHalvingPruner(first, _ETA),
        "hyperband": lambda: HyperbandPruner(first, epochs, _ETA),
        "patient": lambda: PatientPruner(median, patience=2),
    }
    with _remarks_unmentioned():
        return makers[spec.study.pruner]()


@contextmanager
def _remarks_unmentioned() -> Iterator[None]:
    """Without what is remarked on a proposal and is not a person's to mend.

    Optuna warns of what it may still change, which the lock pins, of constraints to CMA-ES, and
    of a lone maximum; torch of GPUs, though the Gaussian process is worked out on the CPU.
    """
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.filterwarnings("ignore", "CUDA initialization", UserWarning)
        warnings.filterwarnings("ignore", "Constraints have been set", UserWarning)
        try:
            yield
        finally:
            optuna.logging.set_verbosity(verbosity)
