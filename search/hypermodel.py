"""The two-tower model for a KerasTuner script: a `HyperModel`, and the tuner that trains it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from search.tensorflow import keras  # chooses Keras 2 before KerasTuner loads TensorFlow

# isort: split
import keras_tuner
from keras_tuner.errors import FailedTrialError

from search.data.encoded import EncodedData
from search.storage import checkpoints
from search.task import Goal, Hooks, Task
from search.training.program import Programs
from search.training.trainer import Trainer
from search.trial import run_trial
from spaces import InputError, SearchSpace, TowerConfig, for_model
from spaces.keras_tuner import hyperparameters, values

__all__ = ["TwoTowerHyperModel", "TwoTowerTuner"]

_LEFT_ALONE = Hooks(
    prunes=lambda epoch, value: False, stops=lambda: False, reports=lambda epoch, entry: None
)


class TwoTowerHyperModel(keras_tuner.HyperModel):  # type: ignore[misc]
    """Two-tower models of a space on encoded data; `metric` is what a trial is judged by."""

    def __init__(
        self, space: SearchSpace, data: EncodedData, metric: str = "top_100_accuracy", seed: int = 0
    ) -> None:
        super().__init__(name="two_tower")
        self.space, self.data, self.seed = for_model(space), data, seed
        self.goal, self.programs = Goal.of(metric), Programs()

    @property
    def objective(self) -> keras_tuner.Objective:
        """The metric as KerasTuner's oracles take it."""
        return keras_tuner.Objective(self.goal.metric, self.goal.direction)

    def config(self, hp: keras_tuner.HyperParameters) -> TowerConfig:
        """The configuration that the hyperparameters' values stand for."""
        return TowerConfig(**values(hp, self.space))

    def build(self, hp: keras_tuner.HyperParameters) -> keras.Model:
        """The untrained `tfrs.models.Model`; makes the space known to `hp`."""
        hp.merge(hyperparameters(self.space))
        return Trainer(self.data, self.config(hp), self.seed).model


class TwoTowerTuner(keras_tuner.Tuner):  # type: ignore[misc]
    """Trains a `TwoTowerHyperModel` as studies do, with any of KerasTuner's oracles.

    KerasTuner's own tuners check for Keras 3 models, which TensorFlow Recommenders has none of.
    What Hyperband asks for is done: a promoted trial goes on from its parent's last weights.
    """

    def search(self, *, verbose: int = 1, **fit: Any) -> None:
        """Train until the oracle has done; what a Keras model's `fit` takes has no effect here."""
        if fit:
            raise InputError(
                f"search: must be given no argument but verbose, got {', '.join(fit)}; data belong "
                "to TwoTowerHyperModel, epochs, patience and batch_size to its space."
            )
        super().search(verbose=verbose)

    def run_trial(self, trial: Any, *args: Any, **kwargs: Any) -> dict[str, float]:
        """The metrics of the best epoch; a model that cannot be trained is a failed trial."""
        hp, hypermodel = trial.hyperparameters, self.hypermodel
        parent = hp.values.get("tuner/trial_id")
        task = Task(
            data=hypermodel.data,
            config=hypermodel.config(hp),
            seed=hypermodel.seed,
            goal=hypermodel.goal,
            checkpoint=self._checkpoint(trial.trial_id),
            weights=self._weights(trial.trial_id),
            programs=hypermodel.programs,
            origin=self._checkpoint(parent) if parent else None,
            until=hp.values.get("tuner/epochs"),
            keeps=True,
        )
        outcome = run_trial(task, _LEFT_ALONE)
        if outcome.error is not None:
            raise FailedTrialError(outcome.error)
        return dict(outcome.metrics)

    def load_model(self, trial: Any) -> keras.Model:
        """The trial's model with the weights of its best epoch."""
        hypermodel = self.hypermodel
        arrays, _ = checkpoints.load(self._weights(trial.trial_id)) or ({}, {})
        config = hypermodel.config(trial.hyperparameters)
        trainer = Trainer(hypermodel.data, config, hypermodel.seed)
        trainer.restore(arrays)
        return trainer.model

    def _checkpoint(self, trial_id: str) -> Path:
        return Path(self.get_trial_dir(trial_id)) / "last.checkpoint"

    def _weights(self, trial_id: str) -> Path:
        return Path(self.get_trial_dir(trial_id)) / "best.weights"
