"""How a trial trains and ends."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search import trial
from search.storage import checkpoints
from search.task import Goal, Task
from search.tensorflow import keras
from search.training.evaluation import CollapsedModel, Seen
from search.training.measures import measure
from search.training.trainer import Diverged, Trainer
from search.trial import Interrupted, run_trial
from tests.search.examples import DATA, config
from tests.search.scripted import LEARNS, MRR, Script, epochs, hooks, stopping_after

SEEN = Seen(np.zeros(1, np.int32), np.zeros(2, np.int64), np.zeros(0, np.int32))


def test_a_complete_trial_has_the_value_and_metrics_of_its_best_epoch(
    script: Script, task: Callable[..., Task]
) -> None:
    script(3, 1, 4)
    outcome = run_trial(task(epochs=3), hooks())
    assert (outcome.state, outcome.error) == ("complete", None)
    assert (outcome.best_epoch, outcome.value) == (2, 0.5)
    assert outcome.metrics == {
        "train_loss": 5.0,
        "loss": 0.5,
        "top_1_accuracy": 0.0,
        "top_5_accuracy": 1.0,
        "top_10_accuracy": 1.0,
        "mrr": 0.5,
        "ndcg_10": pytest.approx(1 / np.log2(3)),
        "coverage": 0.5,
    }
    assert outcome.curve[1] == {"epoch": 2, **outcome.metrics}
    assert [entry["mrr"] for entry in outcome.curve] == [0.25, 0.5, 0.2]


@pytest.mark.parametrize(
    ("goal", "epoch", "value"),
    [
        (Goal("mrr", "max"), 2, 0.5),
        (Goal("mrr", "max", "last"), 4, 0.2),
        (Goal("loss", "min"), 2, 0.5),
        (Goal("loss", "min", "last"), 4, 2.0),
    ],
)
def test_a_trial_is_judged_at_its_best_or_its_last_epoch(
    script: Script, task: Callable[..., Task], goal: Goal, epoch: int, value: float
) -> None:
    script(3, 1, 1, 4)
    outcome = run_trial(task(goal, epochs=4), hooks())
    assert (outcome.best_epoch, outcome.value) == (epoch, value)


def test_validations_come_every_so_many_epochs_and_at_the_last(
    script: Script, task: Callable[..., Task]
) -> None:
    script(*range(5))
    told: list[tuple[int, bool]] = []
    reports = hooks(reports=lambda epoch, entry: told.append((epoch, entry is not None)))
    outcome = run_trial(task(epochs=5, validate_every=2), reports)
    assert epochs(outcome) == [2, 4, 5]
    assert told == [(1, False), (2, True), (3, False), (4, True), (5, True)]


@pytest.mark.parametrize("goal", [MRR, Goal("loss", "min"), Goal("mrr", "max", "last")])
def test_patience_ends_a_trial_after_so_many_validations_without_improvement(
    script: Script, task: Callable[..., Task], goal: Goal
) -> None:
    script(5, 3, 4, 3, 0, 0)
    outcome = run_trial(task(goal, epochs=6, patience=2), hooks())
    assert outcome.state == "complete"
    assert epochs(outcome) == [1, 2, 3, 4]
    assert outcome.best_epoch == (4 if goal.value_at == "last" else 2)


def test_patience_counts_validations_and_not_epochs(
    script: Script, task: Callable[..., Task]
) -> None:
    script(*[1] * 12)
    outcome = run_trial(task(epochs=12, patience=2, validate_every=3), hooks())
    assert epochs(outcome) == [3, 6, 9]


def test_patience_0_never_ends_a_trial(script: Script, task: Callable[..., Task]) -> None:
    script(*range(10))
    assert epochs(run_trial(task(epochs=10, patience=0), hooks())) == list(range(1, 11))


def test_a_pruned_trial_ends_where_the_pruner_says_with_what_it_reached(
    script: Script, task: Callable[..., Task]
) -> None:
    script(1, 3, 4, 0)
    asked: list[tuple[int, float]] = []

    def prunes(epoch: int, value: float) -> bool:
        asked.append((epoch, value))
        return epoch == 3

    outcome = run_trial(task(epochs=4), hooks(prunes=prunes))
    assert outcome.state == "pruned"
    assert asked == [(1, 0.5), (2, 0.25), (3, 0.2)]
    assert (outcome.best_epoch, outcome.value) == (1, 0.5)
    assert epochs(outcome) == [1, 2, 3]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Diverged("the training loss is not finite in epoch 2"),
         "the training loss is not finite in epoch 2."),
        (CollapsedModel("the model has collapsed"), "the model has collapsed."),
        (FloatingPointError("the model's scores are not finite"),
         "the model's scores are not finite."),
        (MemoryError("no room"), "MemoryError: no room"),
    ],
)  # fmt: skip
def test_what_goes_wrong_in_the_model_is_a_failed_trial_with_its_reason(
    script: Script, task: Callable[..., Task], error: Exception, reason: str
) -> None:
    script(1, error)
    outcome = run_trial(task(), hooks())
    assert (outcome.state, outcome.error) == ("failed", reason)
    assert (outcome.value, outcome.best_epoch, epochs(outcome)) == (None, None, [1])


def test_a_model_that_cannot_be_built_is_a_failed_trial(
    monkeypatch: pytest.MonkeyPatch, task: Callable[..., Task]
) -> None:
    def trainer(*_: Any) -> None:
        raise ValueError("too wide")

    monkeypatch.setattr(trial, "Trainer", trainer)
    outcome = run_trial(task(), hooks())
    assert (outcome.state, outcome.error, outcome.curve) == ("failed", "ValueError: too wide", [])


def test_what_goes_wrong_elsewhere_is_not_blamed_on_the_model(
    script: Script, task: Callable[..., Task]
) -> None:
    def reports(*_: Any) -> None:
        raise OSError("the storage is gone")

    script(1)
    with pytest.raises(OSError, match="the storage is gone"):
        run_trial(task(), hooks(reports=reports))


def test_a_real_model_that_diverges_fails(task: Callable[..., Task]) -> None:
    given = {"optimizer": "sgd", "learning_rate": 100.0, "reduction": "sum", "epochs": 9}
    outcome = run_trial(task(**given), hooks())
    assert outcome.state == "failed"
    assert outcome.error == "the training loss is not finite in epoch 1."


def test_a_real_model_that_collapses_fails(task: Callable[..., Task]) -> None:
    alike = {name: np.ones_like(column) for name, column in DATA.candidates.items()}
    outcome = run_trial(replace(task(), data=replace(DATA, candidates=alike)), hooks())
    assert outcome.state == "failed"
    assert outcome.error == "the model has collapsed: all candidates have the same score."


def test_validation_is_measured_without_what_was_seen_and_by_score_where_asked(
    script: Script, task: Callable[..., Task]
) -> None:
    made = script(101, 0)
    asked = replace(task(epochs=2), seen=SEEN, by_score=True)
    outcome = run_trial(asked, hooks())
    assert made[0].asked == [("validation", SEEN)] * 2
    assert [entry["top_100_accuracy_by_score"] for entry in outcome.curve] == [0.0, 1.0]


def test_the_weights_of_the_best_epoch_are_left_and_measure_as_it_did(
    task: Callable[..., Task], tmp_path: Path
) -> None:
    kept = replace(task(**LEARNS), weights=tmp_path / "0.weights")
    outcome = run_trial(kept, hooks())
    arrays, notes = checkpoints.load(tmp_path / "0.weights") or ({}, {})
    assert notes["epoch"] == outcome.best_epoch
    trainer = Trainer(DATA, config(**LEARNS), seed=99)
    trainer.restore(arrays)
    ranks = trainer.evaluate("validation").ranks
    assert measure(ranks, DATA.n_candidates)["mrr"] == outcome.value


@pytest.mark.parametrize("end", ["pruned", "failed"])
def test_a_trial_that_did_not_complete_leaves_no_weights(
    script: Script, task: Callable[..., Task], tmp_path: Path, end: str
) -> None:
    script(1, Diverged("no") if end == "failed" else 2, 3)
    kept = replace(task(), weights=tmp_path / "0.weights")
    assert run_trial(kept, hooks(prunes=lambda epoch, _: epoch == 2)).state == end
    assert not (tmp_path / "0.weights").exists()


def test_a_trial_that_has_trained_to_its_end_is_not_pruned(
    script: Script, task: Callable[..., Task]
) -> None:
    script(1, 3, 4)
    assert run_trial(task(), hooks(prunes=lambda epoch, _: epoch == 3)).state == "complete"


@pytest.mark.parametrize("end", ["complete", "failed", "stopped"])
def test_a_trial_leaves_no_graph_behind(
    script: Script, task: Callable[..., Task], monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(keras.backend, "clear_session", lambda: calls.append("clear"))
    monkeypatch.setattr(gc, "collect", lambda: calls.append("collect"))
    script(*([Diverged("no")] if end == "failed" else range(3)))
    if end == "stopped":
        with pytest.raises(Interrupted):
            run_trial(task(), stopping_after(1))
    else:
        assert run_trial(task(), hooks()).state == end
    assert calls == ["clear", "collect"]


def test_memory_stays_flat_over_many_trials(task: Callable[..., Task]) -> None:
    sizes = []
    for number in range(12):
        given = {"embedding_dim": 2 + number, "epochs": 1}
        place = task().checkpoint.with_name(str(number))
        run_trial(replace(task(**given), checkpoint=place), hooks())
        sizes.append(_resident())
    assert sizes[-1] < 1.05 * sizes[3]


def _resident() -> int:
    """The memory of this process, in pages."""
    return int(Path("/proc/self/statm").read_text().split()[1])
