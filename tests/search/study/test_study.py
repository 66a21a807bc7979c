"""A study in storage: as it is created, opened, ended and read."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState

from search.spec import StudySpec
from search.storage import Place
from search.study import Study
from search.study.charter import names
from spaces import Choice, InputError, Integer, SearchSpace
from tests.search.studies import ENDED, FACTS, claimed


def test_a_study_opens_as_it_was_created(study: Study, place: Place) -> None:
    again = Study(place, "small")
    assert again.spec == study.spec
    assert again.record() == study.record()
    assert (again.budget, again.threads, again.fingerprint) == (3, 1, "f")


def test_a_trial_in_training_shows_the_objective_so_far(study: Study) -> None:
    claim = claimed(study)
    study.report(claim, 2, 0.25)
    study.report(claim, 1, 0.125)
    expected = [{"epoch": 1, "top_5_accuracy": 0.125}, {"epoch": 2, "top_5_accuracy": 0.25}]
    assert study.trial(0).curve == expected
    assert study.trial(0).value is None


def test_a_name_is_taken_once(study: Study, place: Place) -> None:
    with pytest.raises(InputError, match=r"name: a study called 'small' exists; go on .*resume sm"):
        Study.create(place, study.spec, FACTS)


def test_a_finished_trial_is_recorded_and_not_claimed_again(study: Study) -> None:
    claim = claimed(study)
    study.artifacts.checkpoint(claim.number).parent.mkdir(parents=True)
    study.artifacts.checkpoint(claim.number).write_text("x")
    study.finish(claim, {"state": "complete"} | ENDED)
    trial = study.trial(0)
    assert (trial.state, trial.value, trial.curve) == ("complete", 0.5, ENDED["curve"])
    assert not study.artifacts.checkpoint(claim.number).exists()
    following = claimed(study)
    assert following.number == 1


@pytest.mark.parametrize("state", ["pruned", "failed"])
def test_other_ends_are_kept_too(study: Study, state: str) -> None:
    claim = claimed(study)
    fields = ENDED if state == "pruned" else {"error": "no", "value": None}
    study.report(claim, 1, 0.5)
    study.finish(claim, {"state": state} | fields)
    assert study.trial(0).state == state
    assert study.record().best is None


def test_a_trial_ends_once_however_often_that_is_said(study: Study) -> None:
    claim = claimed(study)
    assert study.finish(claim, {"state": "complete"} | ENDED)
    before = study.trial(0)
    assert study.finish(claim, {"state": "complete"} | ENDED)
    assert study.trial(0) == before


@pytest.mark.parametrize("state", ["complete", "pruned", "failed"])
def test_the_checkpoint_of_a_trial_that_ended_goes_unless_it_failed(
    study: Study, state: str
) -> None:
    claim = claimed(study)
    checkpoint = study.artifacts.checkpoint(0)
    checkpoint.parent.mkdir(parents=True)
    checkpoint.write_text("x")
    checkpoint.with_suffix(".new").write_text("x")
    study.finish(claim, {"state": state} | ENDED)
    assert checkpoint.exists() == (state == "failed")


def test_the_weights_of_the_best_trials_are_kept(
    small: Callable[..., StudySpec], place: Place
) -> None:
    study = Study.create(place, small(trials=9), FACTS)
    study.artifacts.weights(0).parent.mkdir(parents=True)
    for value in (0.1, 0.9, 0.4, 0.4, 0.6, 0.2, 0.8):
        claim = claimed(study)
        study.artifacts.weights(claim.number).write_text("x")
        study.finish(claim, {"state": "complete"} | ENDED | {"value": value})
    study.artifacts.weights(claimed(study).number).write_text("x")
    kept = sorted(path.name for path in study.artifacts.weights(0).parent.iterdir())
    assert kept == [f"{number}.weights" for number in (1, 2, 3, 4, 6, 7)]


def test_a_study_opened_to_be_read_leaves_its_file_as_it_was(study: Study, place: Place) -> None:
    path = Path(place.url.removeprefix("sqlite:///"))
    study.release(claimed(study))
    study._storage._backend.engine.dispose()  # type: ignore[attr-defined]
    before = path.read_bytes()
    assert Study(place, "small", write=False).record() == study.record()
    assert path.read_bytes() == before


def test_the_budget_can_be_raised_and_not_fall_below_what_was_begun(study: Study) -> None:
    study.claim()
    study.claim()
    study.raise_budget(5)
    assert study.budget == 5
    with pytest.raises(InputError, match=r"trials: must be at least the 2 that .* has, got 1\."):
        study.raise_budget(1)


def test_a_study_that_a_rule_has_ended_is_not_extended(
    small: Callable[..., StudySpec], place: Place
) -> None:
    study = Study.create(place, small(name="done", target=0.4), FACTS)
    study.finish(claimed(study), {"state": "complete"} | ENDED)
    assert study.claim() is None
    with pytest.raises(InputError) as raised:
        study.raise_budget(9)
    assert str(raised.value) == (
        "trials: must stay 1 where top_5_accuracy has reached the target of 0.4, got 9; begin "
        "another study with --warm-start done."
    )
    assert study.budget == 1


@pytest.mark.parametrize("tuner", ["keras_tuner.random", "keras_tuner.hyperband"])
def test_a_tuner_without_a_proposal_waits_for_the_trials_that_run(
    tuner: str, small: Callable[..., StudySpec], place: Place
) -> None:
    spec = small(name="few", tuner=tuner, trials=99)
    space = SearchSpace(depth=Integer(1, 3), epochs=Choice([3]))
    study = Study.create(place, replace(spec, space=space, first=()), FACTS)
    running = []
    while claim := study.claim():
        running.append(claim)
    assert (study.waiting, study.budget, study.record().exhausted) == (True, 99, False)
    for claim in running:
        study.finish(claim, {"state": "complete"} | ENDED)
    while claim := study.claim():
        study.finish(claim, {"state": "complete"} | ENDED)
    assert (study.waiting, study.record().exhausted) == (False, True)


def test_an_unknown_study_is_named_with_those_there_are(study: Study, place: Place) -> None:
    with pytest.raises(
        InputError, match=r"study: no study is called 'smal'; the storage has small"
    ):
        Study(place, "smal")


def test_a_study_of_another_program_is_listed_nowhere_and_refused(place: Place) -> None:
    storage = place.open(create=True)
    optuna.create_study(storage=storage, study_name="foreign")
    assert names(storage) == []
    with pytest.raises(InputError, match=r"study: 'foreign' was not created by towersearch"):
        Study(place, "foreign")


def test_a_newer_schema_is_refused_by_name(study: Study, place: Place) -> None:
    charter = study._charter | {"schema": 99}
    study._storage.set_study_user_attr(study._id, "towersearch", charter)
    with pytest.raises(InputError, match=r"study: 'small' has records of schema 99, and this vers"):
        Study(place, "small")


def test_a_study_whose_creation_was_cut_short_is_created_again(
    small: Callable[..., StudySpec], place: Place
) -> None:
    storage = place.open(create=True)
    optuna.create_study(storage=storage, study_name="small", direction="maximize")
    study = Study.create(place, small(), FACTS)
    assert study.claim() is not None


def test_optunas_own_tools_open_the_study(study: Study, place: Place) -> None:
    claim = claimed(study)
    study.report(claim, 1, 0.5)
    study.finish(claim, {"state": "complete"} | ENDED)
    theirs = optuna.load_study(study_name="small", storage=place.url)
    assert theirs.best_trial.params == claim.params
    assert theirs.best_value == 0.5
    assert theirs.trials[0].state == TrialState.COMPLETE
    shown = optuna.visualization.plot_optimization_history(theirs)
    assert list(shown.data[0].y) == [0.5]
    command = [str(Path(sys.executable).parent / "optuna"), "trials", "--format", "json"]
    command += ["--study-name", "small", "--storage", place.url]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert json.loads(listed)[0]["params"] == claim.params


def test_a_journal_holds_a_study_like_a_database(
    small: Callable[..., StudySpec], place: Place
) -> None:
    journal = replace(place, url=place.url.replace("sqlite:///", "journal:"))
    study = Study.create(journal, small(), FACTS)
    claim = claimed(study)
    study.release(claim)
    again = claimed(study)
    assert again == claim
    study.finish(again, {"state": "complete"} | ENDED)
    assert Study(journal, "small").record().best == study.trial(0)
