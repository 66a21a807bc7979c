from __future__ import annotations

from reports.pruning import pruning
from search.records import TrialRecord


def pruned(epochs: int, seconds: float | None) -> TrialRecord:
    curve = [{"epoch": float(n)} for n in range(1, epochs + 1)]
    cost = {"train_seconds": seconds}
    return TrialRecord(0, "pruned", curve=curve, cost=cost, config={"epochs": 10})


def test_what_was_saved_is_the_epochs_left_at_each_trials_own_pace() -> None:
    # 2 of 10 epochs in 4 s leave 8 at 2 s; 5 of 10 in 5 s leave 5 at 1 s
    assert pruning([pruned(2, 4.0), pruned(5, 5.0)]) == {
        "n": 2,
        "trained": 7,
        "planned": 20,
        "seconds": 21.0,
    }


def test_without_every_trials_seconds_none_are_told() -> None:
    told = pruning([pruned(2, 4.0), pruned(5, None)])
    assert told is not None
    assert told["seconds"] is None


def test_completed_trials_save_nothing() -> None:
    assert pruning([TrialRecord(0, "complete", config={"epochs": 10})]) is None
