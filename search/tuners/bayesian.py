"""KerasTuner's Bayesian oracle, its model and bound as they are, its minimum found faster."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from keras_tuner import oracles
from scipy.optimize import minimize

__all__ = ["BayesianOracle"]

Points = npt.NDArray[np.float64]

_SAMPLES, _STARTS = 1000, 5
_STEP = 1e-6


class BayesianOracle(oracles.BayesianOptimizationOracle):  # type: ignore[misc]
    """Proposes where the lower confidence bound of its Gaussian process is least.

    KerasTuner descends from 50 random points, with a prediction for every row. Here the bound is
    read at many points at once, descent starts from the best of them, and a gradient is one
    prediction of d + 1 rows.
    """

    def populate_space(self, trial_id: str) -> dict[str, Any]:
        """The next point as KerasTuner's oracles give it: its `status` and its `values`."""
        self._fail_as_the_worst()
        points, scores = self._vectorize_trials()
        if len(scores) < (self.num_initial_points or 3 * len(self.hyperparameters.space)):
            return dict(self._random_populate_space())
        self.gpr.fit(points, scores)
        bounds = self._get_hp_bounds()
        samples = self._random_state.uniform(*bounds.T, size=(_SAMPLES, len(bounds)))
        starts = samples[np.argsort(self._bound(samples))[:_STARTS]]
        ends = [
            minimize(self._slope, x, jac=True, bounds=bounds, method="L-BFGS-B") for x in starts
        ]
        best = min(ends, key=lambda end: float(end.fun))
        return {"status": "RUNNING", "values": self._vector_to_values(best.x)}

    def _fail_as_the_worst(self) -> None:
        """Give failed trials the worst score: where one is left out, the bound stays the least."""
        ended = [trial for trial in self.trials.values() if trial.status == "COMPLETED"]
        if not ended:
            return
        worst = (min if self.objective.direction == "max" else max)(t.score for t in ended)
        for trial in self.trials.values():
            if trial.status == "FAILED":
                trial.status, trial.score = "COMPLETED", worst

    def _bound(self, points: Points) -> Points:
        """The lower confidence bound at points (n, d): (n,)."""
        mean, deviation = self.gpr.predict(points, return_std=True)
        return np.asarray(mean - self.beta * deviation)

    def _slope(self, point: Points) -> tuple[float, Points]:
        """The bound at a point (d,) and its gradient (d,), by forward differences."""
        here, *beside = self._bound(np.vstack([point, point + _STEP * np.eye(len(point))]))
        return here, (np.array(beside) - here) / _STEP
