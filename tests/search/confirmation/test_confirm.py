"""A confirmation is a study of its own, on the test part alone, that resumes like any."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.commands.progress import Silence
from search.confirmation.confirm import Selection, confirm
from search.confirmation.finalists import finalists
from search.confirmation.findings import confirmation
from search.confirmation.verdicts import sentences
from search.data.schema import Dataset
from search.records import StudyRecord, TrialRecord
from search.resolve import resolve
from search.run import begin, work
from search.spec import StudySpec
from search.storage import Place
from search.study import Study
from spaces import InputError, TowerConfig
from tests.conftest import Towersearch
from tests.search.examples import after

FEW = Selection(top=1, seeds=2, tutorial=False)


@pytest.fixture
def searched(small: Callable[..., StudySpec], place: Place) -> Study:
    return _searched(small(trials=2), place)


def _searched(spec: StudySpec, place: Place) -> Study:
    """A study whose trials say that they were best after two epochs, none of them trained."""
    study = begin(spec, place, threads=1, command="towersearch run")
    while claim := study.claim():
        ended = {"state": "complete", "value": 0.5 - claim.number / 10, "best_epoch": 2}
        study.finish(claim, ended)
    return study


def _confirm(study: Study, selection: Selection = FEW, name: str = "") -> Study:
    return confirm(study, selection, name, threads=1, command="towersearch confirm")


def _comparable(record: StudyRecord) -> list[object]:
    return [(t.state, t.params, t.seed, t.value, t.by_user) for t in record.trials]


def test_finalists_train_on_all_but_the_test_part_to_their_chosen_epoch_on_seeds_of_their_own(
    searched: Study, place: Place
) -> None:
    study = _confirm(searched)
    work(study, Silence(), lambda: False)
    record, search = study.record(), searched.record()
    counts, before = record.data["interactions"], search.data["interactions"]
    assert counts["train"] == before["train"] + before["validation"]
    assert (counts["validation"], counts["test"]) == (0, before["test"])
    finalists = record.confirmation["finalists"]
    best = search.best
    assert best is not None
    assert (finalists[0]["label"], finalists[0]["promised"]) == (f"trial {best.number}", best.value)
    for trial in record.trials:
        promised = search.trials[finalists[trial.number % len(finalists)]["trial"]]
        assert trial.state == "complete"
        assert [entry["epoch"] for entry in trial.curve] == [promised.best_epoch]
        assert sum(trial.by_user) / counts["test"] == pytest.approx(trial.value)
    rounds = [trial.seed for trial in record.trials[:: len(finalists)]]
    assert len({*rounds, *(trial.seed for trial in search.trials)}) == 2 + 2
    assert sum(record.confirmation["counts"]) == counts["test"]


def test_a_confirmation_that_was_interrupted_ends_like_one_that_was_not(
    searched: Study, place: Place
) -> None:
    straight = _confirm(searched, name="straight")
    work(straight, Silence(), lambda: False)
    broken = _confirm(searched, name="broken")
    while broken.record().ended < broken.budget:
        work(broken, Silence(), after(3))
    assert _comparable(broken.record()) == _comparable(straight.record())


def test_more_seeds_are_more_rounds_of_the_same_finalists(searched: Study, place: Place) -> None:
    first = _confirm(searched)
    n = len(first.record().confirmation["finalists"])
    again = _confirm(searched, Selection(top=1, seeds=3, tutorial=False))
    assert (again.name, again.budget) == (first.name, 3 * n)


def test_other_finalists_need_another_name(searched: Study, place: Place) -> None:
    _confirm(searched, Selection(top=1, seeds=1, tutorial=False))
    with pytest.raises(
        InputError,
        match=r"'small.confirm' is there and does not train these finalists; .*--name",
    ):
        _confirm(searched, Selection(top=1, seeds=1, tutorial=True))


def test_a_trial_that_breaks_a_constraint_or_was_trained_on_is_no_finalist() -> None:
    def trial(number: int, value: float, **given: Any) -> TrialRecord:
        config = TowerConfig(width=8 + number).as_dict()
        return TrialRecord(number, "complete", config=config, value=value, best_epoch=1, **given)

    trials = [
        trial(0, 0.9, constraints={"parameters": 1.0}),
        trial(1, 0.8),
        trial(2, 0.7, stage={"parent": 1}),
        trial(3, 0.6),
    ]
    record = StudyRecord("s", ["mrr"], ["max"], 4, trials=trials)
    found = finalists(record, top=4, tutorial=False)
    assert [finalist.trial for finalist in found] == [2, 3]


def test_a_confirmation_is_not_confirmed(searched: Study, place: Place) -> None:
    study = _confirm(searched)
    with pytest.raises(
        InputError, match=r"got 'small.confirm', a confirmation of 'small'; confirm"
    ):
        _confirm(study)


def test_a_search_without_a_completed_trial_has_no_finalists(
    small: Callable[..., StudySpec], place: Place
) -> None:
    study = begin(small(), place, threads=1, command="towersearch run")
    with pytest.raises(
        InputError, match=r"study: 'small' has no trial to confirm that completed and kept"
    ):
        _confirm(study)


def test_a_split_without_a_test_part_cannot_be_confirmed_and_leaves_nothing(
    small: Callable[..., StudySpec], place: Place
) -> None:
    table = small(trials=1).to_table()
    study = _searched(resolve({**table, "data": {"split": {"by": "tutorial"}}}), place)
    with pytest.raises(
        InputError, match=r'split: by = "tutorial" keeps no test part to confirm on'
    ):
        _confirm(study)
    with pytest.raises(InputError, match=r"no study is called 'small.confirm'"):
        Study(place, "small.confirm")


def test_an_objective_that_is_no_mean_over_queries_cannot_be_confirmed(
    small: Callable[..., StudySpec], place: Place
) -> None:
    study = _searched(small(objective="loss", trials=1), place)
    with pytest.raises(InputError, match=r"objective: must be a mean over queries .* got 'loss'\."):
        _confirm(study)


def test_a_spec_cannot_ask_for_the_test_part() -> None:
    with pytest.raises(InputError, match=r"study.confirms: is for `towersearch confirm` to write"):
        resolve(
            {
                "study": {"confirms": "x", "tuner": "finalists"},
                "space": {"depth": 1},
                "first": [{"depth": 1}],
            }
        )


def test_on_shuffled_labels_nothing_beats_the_most_popular_list_and_no_depth_another(
    small: Callable[..., StudySpec], films: Dataset, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    titles = np.random.default_rng(1).permutation(films.interactions["title"])
    shuffled = replace(films, interactions={**films.interactions, "title": titles})
    spec = small(trials=2, allocate_by="depth")
    monkeypatch.setattr("search.run.load", lambda source, data_dir: shuffled)
    study = begin(spec, place, threads=1, command="towersearch run")
    work(study, Silence(), lambda: False)
    last = _confirm(study, Selection(top=2, seeds=2, tutorial=False))
    work(last, Silence(), lambda: False)
    found = confirmation(last.record())
    [deeper] = found.about("depths")
    assert not deeper.difference.told_apart
    first, *_, final = sentences(found)
    assert first.startswith("The data do not tell two layers from one (difference 0.")
    assert final == "Nothing beats popularity."


def test_the_command_prints_a_table_findings_and_how_often_the_test_part_was_read(
    towersearch: Towersearch, small: Callable[..., StudySpec]
) -> None:
    Path("study.toml").write_text(small(trials=2).to_toml())
    assert towersearch("run", "study.toml")[0] == 0
    few = ("confirm", "small", "--top", "1", "--seeds", "2", "--no-tutorial")
    status, out, _ = towersearch(*few, "--report", "report.html")
    assert status == 0
    assert "Confirmed on the test part" in Path("report.html").read_text()
    assert "top_5_accuracy on the test part, 95% intervals over users" in out
    assert "popularity" in out
    assert "implicit ALS" in out
    assert "The search promised" in out
    _, document, _ = towersearch(*few, "--json")
    found = json.loads(document)
    assert {"config", "depth", "metric", "mean", "interval", "seeds", "comparisons"} <= set(
        found[0]
    )
    trainings = len(found) * 2
    assert f"read {trainings + 6} times, by {trainings} trainings and 6 baselines" in out
    status, out, _ = towersearch("status", "small.confirm", "--json")
    assert json.loads(out)["state"] == "complete"
