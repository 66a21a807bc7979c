"""That an interruption changes nothing of a trial."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from search.storage import checkpoints
from search.task import Hooks, Outcome, Task
from search.trial import Interrupted, run_trial
from tests.search.examples import DATA, config
from tests.search.scripted import LEARNS, MRR, Script, epochs, hooks, stopping_after


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A real trial of four epochs that nothing disturbs."""
    path = tmp_path_factory.mktemp("uninterrupted") / "0.npz"
    return run_trial(Task(DATA, config(**LEARNS), 3, MRR, path), hooks())


def killed_in(epoch: int) -> Hooks:
    def reports(now: int, _: Any) -> None:
        if now == epoch:
            raise KeyboardInterrupt

    return hooks(reports=reports)


def reached(outcome: Outcome) -> Outcome:
    """The outcome without what depends on the clock."""
    return replace(outcome, cost={})


def test_the_best_weights_outlast_an_interruption_after_them(
    script: Script, task: Callable[..., Task], tmp_path: Path
) -> None:
    script(1, 3, 4)
    kept = replace(task(), weights=tmp_path / "0.weights")
    with pytest.raises(Interrupted):
        run_trial(kept, stopping_after(2))
    assert run_trial(kept, hooks()).best_epoch == 1
    found = checkpoints.load(tmp_path / "0.weights")
    assert found is not None
    assert (found[0]["weight_0"], found[1]["epoch"]) == (1, 1)


def test_a_trial_costs_time_memory_and_weights(uninterrupted: Outcome) -> None:
    cost = uninterrupted.cost
    weights = 41 * 4 + 4 * 4 + 31 * 4 + 12 * 4 + (9 + 1 + 8 + 1) * 8 + 2 * (8 + 1) * 4
    assert (cost["parameters"], cost["bytes"]) == (weights, 4 * weights)
    assert cost["train_seconds"] > 0
    assert cost["evaluate_seconds"] > 0
    assert cost["examples_per_second"] == pytest.approx(4 * 480 / cost["train_seconds"])
    assert cost["peak_bytes"] > 50e6


@pytest.mark.parametrize("done", [1, 3])
def test_a_stopped_trial_goes_on_to_the_same_end_bit_for_bit(
    task: Callable[..., Task], uninterrupted: Outcome, done: int
) -> None:
    with pytest.raises(Interrupted):
        run_trial(task(**LEARNS), stopping_after(done))
    told: list[int] = []
    resumed = run_trial(task(**LEARNS), hooks(reports=lambda epoch, _: told.append(epoch)))
    assert told == list(range(done + 1, 5))
    assert reached(resumed) == reached(uninterrupted)
    assert resumed.cost.keys() == uninterrupted.cost.keys()


@pytest.mark.parametrize("epoch", [1, 3])
def test_a_killed_trial_goes_on_to_the_same_end_bit_for_bit(
    task: Callable[..., Task], uninterrupted: Outcome, epoch: int
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_trial(task(**LEARNS), killed_in(epoch))
    assert reached(run_trial(task(**LEARNS), hooks())) == reached(uninterrupted)


def test_a_damaged_checkpoint_is_as_good_as_none(
    task: Callable[..., Task], uninterrupted: Outcome
) -> None:
    with pytest.raises(Interrupted):
        run_trial(task(**LEARNS), stopping_after(2))
    path = task().checkpoint
    path.write_bytes(path.read_bytes()[:-100])
    assert reached(run_trial(task(**LEARNS), hooks())) == reached(uninterrupted)


@pytest.mark.parametrize("changed", [{"batch_size": 50}, {"embedding_dim": 3}])
def test_a_checkpoint_of_another_configuration_is_not_gone_on_from(
    task: Callable[..., Task], changed: dict[str, Any]
) -> None:
    with pytest.raises(Interrupted):
        run_trial(task(), stopping_after(1))
    began: list[int] = []
    run_trial(task(**changed), hooks(reports=lambda epoch, entry: began.append(epoch)))
    assert began[0] == 1


def test_a_trial_asked_to_stop_at_its_last_epoch_is_complete(
    script: Script, task: Callable[..., Task]
) -> None:
    script(1, 2)
    assert run_trial(task(epochs=2), stopping_after(2)).state == "complete"


def test_a_resumed_trial_tells_the_pruner_of_what_was_validated_before(
    script: Script, task: Callable[..., Task]
) -> None:
    script(1, 3, 4, 5)
    with pytest.raises(Interrupted):
        run_trial(task(epochs=4), stopping_after(2))
    asked: list[tuple[int, float]] = []

    def prunes(epoch: int, value: float) -> bool:
        asked.append((epoch, value))
        return False

    run_trial(task(epochs=4), hooks(prunes=prunes))
    assert asked == [(1, 0.5), (2, 0.25), (3, 0.2)]


def test_patience_survives_an_interruption(script: Script, task: Callable[..., Task]) -> None:
    script(1, 2, 2, 2, 2)
    with pytest.raises(Interrupted):
        run_trial(task(epochs=5, patience=3), stopping_after(3))
    assert epochs(run_trial(task(epochs=5, patience=3), hooks())) == [1, 2, 3, 4]


def test_checkpoints_take_a_small_share_of_the_time(
    script: Script, task: Callable[..., Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    now, saved = [0.0], list[int]()

    def save(path: Path, arrays: Any, notes: Any) -> None:
        saved.append(notes["epoch"])
        now[0] += 0.08

    def reports(*_: Any) -> None:
        now[0] += 1.0

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(checkpoints, "save", save)
    script(*range(10))
    run_trial(task(epochs=10), hooks(reports=reports))
    assert saved == [1, 7]  # the first one took 0.08 s, 1.5% of 5.3 s
