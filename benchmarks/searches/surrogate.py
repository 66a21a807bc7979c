"""A model of the recorded trials: from a configuration to its curve, in milliseconds."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.stats import spearmanr
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
from sklearn.model_selection import KFold

from benchmarks.searches.records import Recorded
from spaces import Choice, Integer, Parameter, Real, SearchSpace

__all__ = ["Surrogate"]

_ABSENT = -1.0
_PROCESS = 0.7  # its share of the mean of both
Rows = npt.NDArray[np.float64]


class Surrogate:
    """From parameters to the whole curve: a Gaussian process, tamed by randomised trees.

    Alone the process ranks held-out trials as well, but promises up to a tenth more than any trial
    reached; trees never promise more than they saw. A failed trial's metric stays 0.
    """

    def __init__(self, space: SearchSpace, recorded: Sequence[Recorded]) -> None:
        self._space, self.trials = space, len(recorded)
        self.epochs = max(len(trial.curve) for trial in recorded)
        self._rows = np.array([self._row(trial.params) for trial in recorded])
        self._curves = np.array([trial.curve or [0.0] * self.epochs for trial in recorded])
        self._model = _fitted(self._rows, self._curves)

    @property
    def best_recorded(self) -> float:
        """What it gives for the best of the recorded configurations."""
        return float(self._model(self._rows).max())

    def curve(self, params: Mapping[str, Any]) -> list[float]:
        """The metric after each epoch."""
        return [float(value) for value in self.curves([params])[0]]

    def curves(self, configs: Sequence[Mapping[str, Any]]) -> Rows:
        """The metric of n configurations after each of e epochs: (n, e)."""
        return self._model(np.array([self._row(params) for params in configs]))

    def rank_correlation(self, shuffles: int = 5) -> float:
        """Spearman's, of the best epoch's metric on trials held out; the mean over shuffles."""
        return float(np.mean([self._held_out(shuffle) for shuffle in range(shuffles)]))

    def _held_out(self, shuffle: int) -> float:
        predicted = np.zeros_like(self._curves)
        for train, test in KFold(5, shuffle=True, random_state=shuffle).split(self._rows):
            predicted[test] = _fitted(self._rows[train], self._curves[train])(self._rows[test])
        return float(spearmanr(predicted.max(axis=1), self._curves.max(axis=1)).statistic)

    def _row(self, params: Mapping[str, Any]) -> list[float]:
        return [x for name in self._space for x in _coded(self._space[name], params.get(name))]


def _fitted(rows: Rows, curves: Rows) -> Callable[[Rows], Rows]:
    """A model of curves (n, e) by rows (n, d), which predicts (m, e) from (m, d)."""
    scales = Matern(np.ones(rows.shape[1]), (0.05, 1e4), nu=1.5)
    kernel = ConstantKernel() * scales + WhiteKernel(0.01)
    process = GaussianProcessRegressor(kernel, optimizer=_briefly, normalize_y=True)
    trees = ExtraTreesRegressor(100, min_samples_leaf=2, max_features=0.5, random_state=0)
    with warnings.catch_warnings():  # of a scale at its bound, where a parameter hardly matters
        warnings.simplefilter("ignore", ConvergenceWarning)
        process.fit(rows, curves)
    trees.fit(rows, curves)

    def predict(given: Rows) -> Rows:
        mean = _PROCESS * process.predict(given) + (1 - _PROCESS) * trees.predict(given)
        return np.asarray(mean)

    return predict


def _briefly(negative: Callable[[Any], Any], start: Rows, bounds: Any) -> tuple[Rows, float]:
    """A few steps towards the likeliest kernel: more take minutes and predict no better."""
    found = minimize(negative, start, jac=True, bounds=bounds, options={"maxiter": 20})
    return found.x, found.fun


def _coded(parameter: Parameter, value: Any) -> list[float]:
    """One column a word, or one for a number on its own scale; what does not act is -1."""
    if isinstance(parameter, Choice) and isinstance(parameter.options[0], str):
        return [float(value == option) for option in parameter.options]
    if value is None:
        return [_ABSENT]
    if isinstance(parameter, Integer | Real):
        low, high = float(parameter.low), float(parameter.high)
        if parameter.log:
            return [math.log(value / low) / math.log(high / low)]
        return [(value - low) / (high - low)]
    return [float(parameter.grid().index(value))]
