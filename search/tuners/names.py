"""The tuners and pruners there are, by the names a spec calls them, each with one line."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

from spaces import InputError

__all__ = [
    "PRUNERS",
    "TUNERS",
    "check_installed",
    "check_number_of_objectives",
    "default_tuner",
    "is_installed",
]

TUNERS: Mapping[str, str] = {
    "optuna.tpe": "tree-structured Parzen estimator, parameters modelled jointly",
    "optuna.gp": "Gaussian process with expected improvement (needs the extra 'gp')",
    "optuna.cmaes": "CMA-ES: a normal distribution of the numbers that moves to better ones",
    "optuna.nsga2": "genetic algorithm: crosses and mutates the best so far",
    "optuna.qmc": "quasi-random points, spread more evenly than random ones",
    "optuna.random": "independent random configurations",
    "optuna.grid": "every point of the grid, in order",
    "keras_tuner.bayesian": "Gaussian process with an upper confidence bound",
    "keras_tuner.hyperband": "trains many briefly, and the better ones on from where they stopped",
    "keras_tuner.random": "random configurations, none of them twice",
    "keras_tuner.grid": "every point of the grid, in order, ten of a continuous range",
}

PRUNERS: Mapping[str, str] = {
    "none": "every trial trains to its end",
    "median": "stops a trial that is below the median of the others at the same epoch",
    "successive_halving": "keeps the better third at each rung of epochs",
    "hyperband": "successive halving with several first rungs",
    "patient": "the median rule, once a trial has not improved for two validations",
}


_OF_ONE_OBJECTIVE = ("optuna.cmaes", "keras_tuner.bayesian", "keras_tuner.hyperband")


def is_installed(tuner: str) -> bool:
    """Whether the tuner has all the packages that it needs."""
    return tuner != "optuna.gp" or find_spec("torch") is not None


def default_tuner() -> str:
    """Of the tuners that are installed the one that finds the best soonest (docs/tuners.md)."""
    return "optuna.gp" if is_installed("optuna.gp") else "optuna.tpe"


def check_installed(tuner: str) -> None:
    """Refuse a tuner whose optional package is absent: an `InputError` that names the others."""
    if not is_installed(tuner):
        others = ", ".join(filter(is_installed, TUNERS))
        raise InputError(
            f"tuner: {tuner} needs the extra 'gp', which is not installed; "
            f"pip install 'towersearch[gp]', or choose one of {others}."
        )


def check_number_of_objectives(tuner: str, count: int) -> None:
    """Refuse several objectives, by an `InputError`, where the tuner knows one alone."""
    if count > 1 and tuner in _OF_ONE_OBJECTIVE:
        able = [name for name in TUNERS if name not in _OF_ONE_OBJECTIVE]
        others = ", ".join(filter(is_installed, able))
        raise InputError(
            f"objective: {tuner} searches for one, got {count}; choose one of {others} for several."
        )
