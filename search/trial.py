"""One configuration -> a trained model -> measurements, from a checkpoint where there is one."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from search.storage import checkpoints
from search.task import Entry, Goal, Hooks, Outcome, Task
from search.tensorflow import keras
from search.training.evaluation import CollapsedModel, Ranking
from search.training.measures import by_user, measure, top_k_accuracy
from search.training.trainer import Diverged, Trainer

__all__ = ["Interrupted", "run_trial"]

_CHECKPOINT_SHARE = 0.015
_BEST = "best_"  # what the weights of the best epoch so far are called in a checkpoint


class Interrupted(Exception):
    """The trial was asked to stop, and its checkpoint has been written."""


def run_trial(task: Task, hooks: Hooks) -> Outcome:
    """Train and measure; what goes wrong in the model is a failed outcome, not an exception.

    Raises `Interrupted` where `hooks.stops()` says so.
    """
    curve: list[Entry] = []
    try:
        run = _Run(task)
        curve = run.curve
        for entry in curve:
            hooks.prunes(entry["epoch"], entry[task.goal.metric])
        pruned = _train(run, task.goal, hooks)
        if task.keeps:
            run.save(at_once=True)
        if not pruned:
            run.keep_weights()
        task.programs.give_back(run.program)
        return run.outcome("pruned" if pruned else "complete")
    except _Failed as failure:
        return Outcome("failed", curve, error=str(failure))
    finally:
        keras.backend.clear_session()
        gc.collect()


def _train(run: _Run, goal: Goal, hooks: Hooks) -> bool:
    """Train to the end of the budget, or until patience, the pruner or the user says stop."""
    while not run.finished():
        entry = run.advance()
        hooks.reports(run.epoch, entry)
        if run.finished():
            return False
        if entry and hooks.prunes(run.epoch, entry[goal.metric]):
            return True
        stopping = hooks.stops()
        run.save(at_once=stopping)
        if stopping:
            raise Interrupted
    return False


class _Failed(Exception):
    """The model could not be trained or measured; the message is the reason."""


@contextmanager
def _blamed_on_the_model() -> Iterator[None]:
    try:
        yield
    except (Diverged, CollapsedModel, FloatingPointError) as error:
        raise _Failed(f"{error}.") from error
    except Exception as error:
        raise _Failed(f"{type(error).__name__}: {error}") from error


class _Run:
    """A trial in training: the trainer, its curve, and where it stands."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self.epoch = 0
        self.curve: list[Entry] = []
        self._best: dict[str, Any] = {}
        self._seconds = {"train": 0.0, "evaluate": 0.0}
        self._saved_at, self._save_seconds = time.monotonic(), 0.0
        with _blamed_on_the_model():
            self.program = task.programs.take(task.data, task.config)
            self._trainer = Trainer(task.data, task.config, task.seed, self.program)
        self._restore()

    def finished(self) -> bool:
        """Whether the epochs are used up, or `patience` validations brought no improvement."""
        config, goal = self._task.config, self._task.goal
        if self.curve and goal.value_at == "first":
            return True
        if self.epoch >= self._task.epochs or not (self.curve and config.patience):
            return self.epoch >= self._task.epochs
        best = Goal(goal.metric, goal.direction).chosen(self.curve)
        return len(self.curve) - 1 - self.curve.index(best) >= config.patience

    def advance(self) -> Entry | None:
        """Train an epoch and validate where it is due; the curve's new entry, if any."""
        config = self._task.config
        with _blamed_on_the_model():
            self.epoch += 1
            with self._timed("train"):
                loss = self._trainer.train_epoch(self.epoch)
            if self.epoch % config.validate_every and self.epoch < self._task.epochs:
                return None
            with self._timed("evaluate"):
                ranking = self._trainer.evaluate(self._task.part, self._task.seen)
        self.curve.append({"epoch": self.epoch, "train_loss": loss} | self._measures(ranking))
        self._ranking = ranking
        if self._task.goal.chosen(self.curve) is self.curve[-1]:
            self._best = self._trainer.weights()
        return self.curve[-1]

    def outcome(self, state: str) -> Outcome:
        """The record of what was reached."""
        best = self._task.goal.chosen(self.curve)
        metrics = {name: value for name, value in best.items() if name != "epoch"}
        value = best[self._task.goal.metric]
        return Outcome(
            state,
            self.curve,
            best["epoch"],
            value,
            metrics,
            self._cost(),
            by_user=self._by_user() if self._task.part == "test" else [],
        )

    def save(self, at_once: bool) -> None:
        """Write a checkpoint, unless writing them would take more than its share of the time."""
        started = time.monotonic()
        if not at_once and (started - self._saved_at) * _CHECKPOINT_SHARE < self._save_seconds:
            return
        notes = {
            "trial": self._task.identity,
            "epoch": self.epoch,
            "curve": self.curve,
            "seconds": self._seconds,
        }
        best = {f"{_BEST}{name}": array for name, array in self._best.items()}
        checkpoints.save(self._task.checkpoint, self._trainer.state() | best, notes)
        self._saved_at = time.monotonic()
        self._save_seconds = self._saved_at - started

    def keep_weights(self) -> None:
        """Write the weights of the epoch that speaks for the trial."""
        if self._task.weights is not None:
            notes = {
                "trial": self._task.identity,
                "epoch": self._task.goal.chosen(self.curve)["epoch"],
            }
            checkpoints.save(self._task.weights, self._best, notes)

    def _restore(self) -> None:
        """Go on from the checkpoint, the trial's own or its origin's, if there is one that fits."""
        for path in filter(None, (self._task.checkpoint, self._task.origin)):
            arrays, notes = checkpoints.load(path) or ({}, {})
            if notes.get("trial") == self._task.identity:
                best = {name for name in arrays if name.startswith(_BEST)}
                self._best = {name.removeprefix(_BEST): arrays.pop(name) for name in best}
                self._trainer.restore(arrays)
                self.epoch, self.curve = notes["epoch"], notes["curve"]
                self._seconds = notes["seconds"]
                return

    def _by_user(self) -> list[float]:
        """What each user of the measured part adds to the objective, at the last validation."""
        users = self._task.data.users[self._task.data.parts[self._task.part]]
        return by_user(self._task.goal.metric, self._ranking.ranks, users)

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self._seconds[what] += time.perf_counter() - started

    def _measures(self, ranking: Ranking) -> Entry:
        found: Entry = {"loss": ranking.loss}
        found |= measure(ranking.ranks, self._task.data.n_candidates)
        found["coverage"] = ranking.coverage
        if self._task.by_score:
            found["top_100_accuracy_by_score"] = top_k_accuracy(ranking.better, 100)
        return found

    def _cost(self) -> Entry:
        examples = self.epoch * len(self._task.data.parts["train"])
        return {
            "train_seconds": self._seconds["train"],
            "evaluate_seconds": self._seconds["evaluate"],
            "parameters": self._trainer.parameters,
            "bytes": 4 * self._trainer.parameters,
            "peak_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            "examples_per_second": examples / self._seconds["train"],
        }
