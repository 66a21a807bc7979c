from __future__ import annotations

from reports import render
from reports.agreement import agreement, best_by, metrics_of
from search.records import StudyRecord, TrialRecord


def _trial(number: int, accuracy: float, mrr: float, loss: float, **given: object) -> TrialRecord:
    metrics = {"train_loss": 1.0, "top_10_accuracy": accuracy, "mrr": mrr, "loss": loss}
    fields: dict[str, object] = {"state": "complete", "value": accuracy, "metrics": metrics} | given
    return TrialRecord(number=number, **fields)  # type: ignore[arg-type]


STUDY = StudyRecord(
    "s",
    ("top_10_accuracy",),
    ("max",),
    9,
    trials=[
        _trial(0, 0.3, 0.10, 4.0),
        _trial(1, 0.2, 0.20, 5.0),
        _trial(2, 0.1, 0.15, 3.0),
        _trial(3, 0.9, 0.90, 0.1, state="pruned"),
        _trial(4, 0.9, 0.90, 0.1, constraints={"parameters": 5.0}),
    ],
)


def test_each_metric_chooses_among_the_trials_that_may_be_best_and_a_loss_the_least() -> None:
    assert [best_by(STUDY, m).number for m in ("top_10_accuracy", "mrr", "loss")] == [0, 1, 2]


def test_metrics_agree_as_far_as_they_order_trials_alike() -> None:
    own, mrr, loss = agreement(STUDY)
    assert (own.metric, own.correlation) == ("top_10_accuracy", 1.0)
    assert (mrr.trial, mrr.value, mrr.objective) == (1, 0.2, 0.2)
    assert mrr.correlation == -0.5  # ranks 3, 2, 1 and 1, 3, 2
    assert loss.correlation == -0.5  # less is better: ranks 3, 2, 1 and 2, 1, 3


def test_a_study_without_a_completed_trial_has_no_metrics() -> None:
    assert metrics_of(StudyRecord("s", ("mrr",), ("max",), 9)) == []


def test_the_page_shows_other_metrics_winners() -> None:
    page = render(STUDY)
    assert "What other metrics would choose" in page
    assert '<a href="#trial-1">trial 1</a>' in page
