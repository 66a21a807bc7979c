"""Trials that follow a script instead of training, and hooks that disturb them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from search.task import Goal, Hooks, Outcome
from search.training.evaluation import Ranking, Seen

__all__ = ["LEARNS", "MRR", "Script", "Scripted", "epochs", "hooks", "stopping_after"]

MRR = Goal("mrr", "max")
LEARNS: dict[str, Any] = {"depth": 2, "width": 8, "dropout": 0.2, "schedule": "cosine", "epochs": 4}

Script = Callable[..., list["Scripted"]]


class Scripted:
    """A trainer that trains nothing and whose validations have the ranks of a script."""

    parameters = 7

    def __init__(self, steps: Sequence[int | Exception]) -> None:
        self.steps, self.epoch, self.asked = steps, 0, list[Any]()

    def train_epoch(self, epoch: int) -> float:
        self.epoch = epoch
        if isinstance(step := self.steps[epoch - 1], Exception):
            raise step
        return 10.0 / epoch

    def evaluate(self, part: str, seen: Seen | None) -> Ranking:
        self.asked.append((part, seen))
        step = self.steps[self.epoch - 1]
        assert isinstance(step, int)
        return Ranking(np.array([step]), np.array([step - 1]), loss=step / 2, coverage=0.5)

    def weights(self) -> dict[str, Any]:
        return {"weight_0": np.array(self.epoch)}

    def state(self) -> dict[str, Any]:
        return {"epoch": np.array(self.epoch)}

    def restore(self, arrays: dict[str, Any]) -> None:
        self.epoch = int(arrays["epoch"])


def hooks(
    prunes: Callable[[int, float], bool] = lambda epoch, value: False,
    stops: Callable[[], bool] = lambda: False,
    reports: Callable[[int, Any], None] = lambda epoch, entry: None,
) -> Hooks:
    return Hooks(prunes, stops, reports)


def stopping_after(epochs: int) -> Hooks:
    """Hooks that ask the trial to stop once it has trained so many more epochs."""
    left = iter([False] * (epochs - 1) + [True])
    return hooks(stops=lambda: next(left))


def epochs(outcome: Outcome) -> list[int]:
    return [entry["epoch"] for entry in outcome.curve]
