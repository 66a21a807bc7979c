"""KerasTuner's oracles as functions of the record: made in memory, asked once, thrown away."""

from __future__ import annotations

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

from search.training.measures import OBJECTIVES
from search.tuners.allocation import allocation
from search.tuners.bayesian import BayesianOracle
from search.tuners.scores import score
from spaces import Parameter, Real, SearchSpace
from spaces.keras_tuner import hyperparameters, values

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

    from search.spec import StudySpec

__all__ = ["propose"]

_ORACLES: Mapping[str, Any] = {
    "keras_tuner.bayesian": BayesianOracle,
    "keras_tuner.random": oracles.RandomSearchOracle,
    "keras_tuner.grid": oracles.GridSearchOracle,
}


def propose(spec: StudySpec, number: int, trials: Sequence[FrozenTrial]) -> dict[str, Any] | None:
    """What the spec's oracle proposes for trial `number` after these trials of its share.

    None where the oracle holds the space to be exhausted: after the grid's last point, or after
    21 random points in a row that were tried before.
    """
    share = allocation(spec, number)
    oracle = _oracle(spec, number, share.space)
    if spec.study.tuner == "keras_tuner.grid":
        _skip(oracle, share.turn)
    else:
        for trial in trials:
            _place(oracle, trial, share.space)
    with warnings.catch_warnings(), threadpool_limits(1):  # its matrices are too small for more
        warnings.simplefilter("ignore", ConvergenceWarning)
        point = oracle.populate_space(str(number))["values"]
    return None if point is None else values(_at(oracle, point), share.space)


def _oracle(spec: StudySpec, number: int, space: SearchSpace) -> Oracle:
    return _ORACLES[spec.study.tuner](
        objective=Objective("value", OBJECTIVES[spec.study.objective[0]]),
        hyperparameters=hyperparameters(space),
        seed=zlib.crc32(f"{spec.study.seed}/{number}".encode()) or 1,  # to KerasTuner 0 is no seed
        **spec.study.tuner_options,
    )


def _skip(oracle: Oracle, points: int) -> None:
    """Go through the grid's first points, noting each as `end_trial` would but for its files."""
    for number in map(str, range(points)):
        point = oracle.populate_space(number)["values"]
        if point is None:
            return
        oracle.trials[number] = Trial(_at(oracle, point), number, "COMPLETED")
        oracle.start_order.append(number)
        oracle._populate_next = [number]


def _place(oracle: Oracle, trial: FrozenTrial, space: SearchSpace) -> None:
    """Put a finished trial where the oracle looks for scores and for what was tried before."""
    own = {name: _held(space[name], value) for name, value in trial.params.items()}
    worth = score(trial)
    state = "FAILED" if worth is None else "COMPLETED"
    placed = Trial(_at(oracle, own), str(trial.number), state)
    placed.score = worth
    oracle.trials[placed.trial_id] = placed
    oracle._record_values(placed)


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
