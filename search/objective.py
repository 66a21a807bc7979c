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
from spaces import SearchSpace, TowerConfig, for_model
from spaces.optuna import suggest

__all__ = ["objective"]


def objective(
    space: SearchSpace, data: EncodedData, metric: str = "top_100_accuracy", seed: int = 0
) -> Callable[[optuna.Trial], float]:
    """What `study.optimize` calls: suggests a configuration of the space, trains it, measures it.

    The value is the metric at its best epoch. Epochs are reported, the study's pruner is obeyed,
    and what goes wrong in the model is a `RuntimeError`, which `catch` may name.
    """
    bound, goal, programs = for_model(space), Goal.of(metric), Programs()

    def train(trial: optuna.Trial) -> float:
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
