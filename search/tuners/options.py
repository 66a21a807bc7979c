"""What `[study.tuner_options]` may say to each tuner, under the toolkits' own names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spaces import Choice, InputError, Integer, Parameter, Real
from spaces.wording import suggestion

__all__ = ["OPTIONS", "check_options"]

_COUNT = Integer(1, 100_000)

OPTIONS: Mapping[str, Mapping[str, Parameter]] = {
    "optuna.tpe": {"n_startup_trials": _COUNT, "n_ei_candidates": _COUNT},
    "optuna.gp": {"n_startup_trials": _COUNT},
    "optuna.cmaes": {"popsize": Integer(4, 100_000)},
    "optuna.nsga2": {"population_size": Integer(2, 100_000)},
    "optuna.qmc": {"qmc_type": Choice(["sobol", "halton"])},
    "keras_tuner.bayesian": {
        "alpha": Real(1e-12, 1e3),
        "beta": Real(0, 1e3),
        "num_initial_points": _COUNT,
    },
    "keras_tuner.hyperband": {"factor": Integer(2, 100), "hyperband_iterations": _COUNT},
}


def check_options(tuner: str, options: Mapping[str, Any]) -> None:
    """Refuse, by an `InputError`, what the tuner does not know or cannot take."""
    known = OPTIONS.get(tuner, {})
    for name, value in options.items():
        if name not in known:
            hint = suggestion(name, known) if known else "it has none."
            raise InputError(f"tuner_options: {tuner} has no option {name!r}; {hint}")
        if fault := known[name].why_not(value):
            raise InputError(f"tuner_options: {name} of {tuner} {fault}.")
