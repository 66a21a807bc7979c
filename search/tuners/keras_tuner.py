"""KerasTuner's oracles as functions of the record: made in memory, asked once, thrown away."""

from __future__ import annotations

import math
import warnings
import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import search.tensorflow  # noqa: F401 (chooses Keras 2 before KerasTuner loads TensorFlow)

# isort: split
from keras_tuner import Objective, Oracle, oracles
from keras_tuner.engine.trial import Trial
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from search.goals import DIRECTIONS
from search.tuners.allocation import Allocation, allocation
from search.tuners.bayesian import BayesianOracle
from search.tuners.hyperband import HyperbandOracle
from search.tuners.scores import score
from search.tuners.stages import Proposal, stage_of
from spaces import Parameter, Real, SearchSpace
from spaces.keras_tuner import hyperparameters, values

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

    from search.spec import StudySpec

__all__ = ["propose"]

_ORACLES: Mapping[str, Any] = {
    "keras_tuner.bayesian": BayesianOracle,
    "keras_tuner.random": oracles.RandomSearchOracle,
    "keras_tuner.hyperband": HyperbandOracle,
    "keras_tuner.grid": oracles.GridSearchOracle,
}


def propose(spec: StudySpec, number: int, trials: Sequence[FrozenTrial]) -> Proposal | None:
    """What the spec's oracle proposes for trial `number` after the trials of its share.

    None where the oracle holds the space to be exhausted: after the grid's last point, or after
    21 random points in a row that were tried before. Those of trials that still run count as tried,
    and in Hyperband's brackets they have their places; else only finished trials are looked at.
    """
    share = allocation(spec, number)
    oracle = _oracle(spec, number, share.space)
    if spec.study.tuner == "keras_tuner.hyperband":
        return _staged(oracle, number, trials, share)
    if spec.study.tuner == "keras_tuner.grid":
        _skip(oracle, share.turn)
    else:
        _place_all(oracle, [t for t in trials if t.state.is_finished()], share.space)
        for trial in trials:
            if not trial.state.is_finished():
                oracle._record_values(_placed(oracle, trial, share.space))
    config = _asked(oracle, number, share.space)
    return None if config is None else Proposal(config)


def _oracle(spec: StudySpec, number: int, space: SearchSpace) -> Any:
    own = dict(spec.study.tuner_options)
    if spec.study.tuner == "keras_tuner.hyperband":
        own |= {"max_epochs": spec.epochs, "trials": math.ceil(spec.study.trials / spec.shares)}
    return _ORACLES[spec.study.tuner](
        objective=Objective("value", DIRECTIONS[spec.study.objective[0]]),
        hyperparameters=hyperparameters(space),
        seed=zlib.crc32(f"{spec.study.seed}/{number}".encode()) or 1,  # to KerasTuner 0 is no seed
        **own,
    )


def _asked(oracle: Oracle, number: int, space: SearchSpace) -> dict[str, Any] | None:
    with warnings.catch_warnings(), threadpool_limits(1):  # its matrices are too small for more
        warnings.simplefilter("ignore", ConvergenceWarning)
        point = oracle.populate_space(str(number)).get("values")
    return None if point is None else values(_at(oracle, point), space)


def _staged(
    oracle: HyperbandOracle, number: int, trials: Sequence[FrozenTrial], share: Allocation
) -> Proposal | None:
    """A new configuration for a bracket's first round, or an earlier one to be trained on."""
    _place_all(oracle, trials, share.space)
    placed = {trial.number: stage for trial in trials if (stage := stage_of(trial))}
    oracle.resume((str(earlier), stage) for earlier, stage in placed.items())
    config = _asked(oracle, number, share.space)
    if config is None:
        return None
    stage = oracle.stage(str(number))
    begun = sum(earlier.parent is None for earlier in placed.values())
    if stage.parent is not None:
        config = next(trial.params for trial in trials if trial.number == stage.parent)
    elif begun < len(share.first):
        config = dict(share.first[begun])
    return Proposal(config, stage)


def _skip(oracle: Oracle, points: int) -> None:
    """Go through the grid's first points, noting each as `end_trial` would but for its files."""
    for number in map(str, range(points)):
        point = oracle.populate_space(number)["values"]
        if point is None:
            return
        oracle.trials[number] = Trial(_at(oracle, point), number, "COMPLETED")
        oracle.start_order.append(number)
        oracle._populate_next = [number]


def _place_all(oracle: Oracle, trials: Sequence[FrozenTrial], space: SearchSpace) -> None:
    """Put trials where the oracle looks for scores and for what was tried before."""
    for trial in trials:
        placed = _placed(oracle, trial, space)
        oracle.trials[placed.trial_id] = placed
        oracle._record_values(placed)


def _placed(oracle: Oracle, trial: FrozenTrial, space: SearchSpace) -> Trial:
    own = {name: _held(space[name], value) for name, value in trial.params.items()}
    worth = score(trial)
    ended = "FAILED" if worth is None else "COMPLETED"
    state = ended if trial.state.is_finished() else "RUNNING"
    placed = Trial(_at(oracle, own), str(trial.number), state)
    placed.score = worth
    return placed


def _at(oracle: Oracle, point: Mapping[str, Any]) -> Any:
    """The oracle's hyperparameters at a point, whose numbers may be NumPy's."""
    hp = oracle.get_space()
    hp.values = {
        name: float(value) if isinstance(value, float) else value for name, value in point.items()
    }
    return hp


def _held(parameter: Parameter, value: Any) -> Any:
    """A value as KerasTuner holds it: true as 1, and one of the options that a step makes."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(parameter, Real) and parameter.step is not None:
        return min(parameter.grid(), key=lambda option: abs(option - value))
    return value
