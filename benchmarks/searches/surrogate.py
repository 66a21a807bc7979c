"""A model of the recorded trials: from a configuration to its curve, in milliseconds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.model_selection import KFold, cross_val_predict

from benchmarks.searches.records import Recorded
from spaces import Choice, Integer, Parameter, Real, SearchSpace

__all__ = ["Surrogate"]

_ABSENT = -1.0
Rows = npt.NDArray[np.float64]


class Surrogate:
    """Extremely randomised trees over the parameters, with the whole curve as their target.

    A failed trial counts as one whose metric stays 0.
    """

    def __init__(self, space: SearchSpace, recorded: Sequence[Recorded]) -> None:
        self._space, self.trials = space, len(recorded)
        self.epochs = max(len(trial.curve) for trial in recorded)
        self._rows = np.array([self._row(trial.params) for trial in recorded])
        curves = [trial.curve or [0.0] * self.epochs for trial in recorded]
        self._curves = np.array(curves)
        self._trees = self._new().fit(self._rows, self._curves)

    def curve(self, params: Mapping[str, Any]) -> list[float]:
        """The metric after each epoch."""
        return [float(value) for value in self.curves([params])[0]]

    def curves(self, configs: Sequence[Mapping[str, Any]]) -> Rows:
        """The metric of n configurations after each of e epochs: (n, e)."""
        predicted = self._trees.predict(np.array([self._row(params) for params in configs]))
        return np.asarray(predicted)

    def rank_correlation(self) -> float:
        """Spearman's, of the best epoch's metric on trials held out; the mean of five shuffles."""
        return float(np.mean([self._held_out(shuffle) for shuffle in range(5)]))

    def _held_out(self, shuffle: int) -> float:
        folds = KFold(5, shuffle=True, random_state=shuffle)
        predicted = cross_val_predict(self._new(), self._rows, self._curves, cv=folds)
        return float(spearmanr(predicted.max(axis=1), self._curves.max(axis=1)).statistic)

    @staticmethod
    def _new() -> ExtraTreesRegressor:
        return ExtraTreesRegressor(100, min_samples_leaf=2, max_features=0.5, random_state=0)

    def _row(self, params: Mapping[str, Any]) -> list[float]:
        return [x for name in self._space for x in _coded(self._space[name], params.get(name))]


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
