"""The tuners and pruners there are, by the names a spec calls them, each with one line."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["PRUNERS", "TUNERS"]

TUNERS: Mapping[str, str] = {
    "optuna.tpe": "tree-structured Parzen estimator, parameters modelled jointly (the default)",
    "optuna.random": "independent random configurations",
    "optuna.grid": "every point of the grid, in order",
}

PRUNERS: Mapping[str, str] = {
    "none": "every trial trains to its end",
    "median": "stops a trial that is below the median of the others at the same epoch",
    "successive_halving": "keeps the better third at each rung of epochs",
    "hyperband": "successive halving with several first rungs",
    "patient": "the median rule, once a trial has not improved for two validations",
}
