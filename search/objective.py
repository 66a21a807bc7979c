"""The two-tower model for an Optuna script: an objective made from a space."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import optuna

from search.data.encoded import EncodedData
from search.task import Goal, Hooks, Task
from search.training.program import Programs
from search.trial import run_trial
from spaces import InputError, SearchSpace, TowerConfig, for_model
from spaces.optuna import suggest

__all__ = ["objective"]


def objective(
    space: SearchSpace, data: EncodedData, metric: str = "top_100_accuracy", seed: int = 0
) -> Callable[[optuna.Trial], float]:
    """What `study.optimize` calls: suggests a configuration of the space, trains it, measures it.

    The value is the metric at its best epoch. Epochs are reported, the study's pruner is obeyed,
    and what goes wrong in the model is a `RuntimeError`, which `catch` may name. A study that does
    not search in the metric's direction alone is refused by an `InputError` before it trains.
    """
    bound, goal, programs = for_model(space), Goal.of(metric), Programs()

    def train(trial: optuna.Trial) -> float:
        _check_direction(trial.study, goal)

        def reports(epoch: int, entry: dict[str, Any] | None) -> None:
            if entry:
                trial.report(entry[metric], epoch)

        config = TowerConfig(**suggest(trial, bound))
        hooks = Hooks(lambda epoch, value: trial.should_prune(), lambda: False, reports)
        with TemporaryDirectory() as folder:
            checkpoint = Path(folder) / "checkpoint"
            task = Task(data, config, seed, goal, checkpoint=checkpoint, programs=programs)
            outcome = run_trial(task, hooks)
        if outcome.value is None:
            raise RuntimeError(outcome.error)
        if outcome.state == "pruned":
            raise optuna.TrialPruned
        return outcome.value

    return train


def _check_direction(study: optuna.Study, goal: Goal) -> None:
    wanted, got = f"{goal.direction}imize", [d.name.lower() for d in study.directions]
    if got != [wanted]:
        raise InputError(
            f"direction: must be {wanted!r} alone for {goal.metric}, got {got}; "
            f"optuna.create_study(direction={wanted!r})."
        )
