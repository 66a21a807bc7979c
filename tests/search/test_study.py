from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.trial import TrialState

from search.processes import identity
from search.spec import StudySpec
from search.storage import Place
from search.study import Study, names
from spaces import InputError

FACTS: dict[str, Any] = {
    "data": {"fingerprint": "f"},
    "baselines": {"popularity": {"top_5_accuracy": 0.1}},
    "provenance": {"threads": 1},
}
ENDED: dict[str, Any] = {"value": 0.5, "best_epoch": 1, "curve": [{"epoch": 1, "mrr": 0.5}]}


@pytest.fixture
def study(small: Callable[..., StudySpec], place: Place) -> Study:
    return Study.create(place, small(), FACTS)


def _dead(study: Study, number: int) -> None:
    study._storage.set_trial_user_attr(
        study._trial_id(number), "worker", identity() | {"start": "1"}
    )


def test_a_study_opens_as_it_was_created(study: Study, place: Place) -> None:
    again = Study(place, "small")
    assert again.spec == study.spec
    assert again.record() == study.record()
    assert (again.budget, again.threads, again.fingerprint) == (3, 1, "f")


def test_a_trial_in_training_shows_the_objective_so_far(study: Study) -> None:
    claim = study.claim()
    assert claim is not None
    study.report(claim, 2, 0.25)
    study.report(claim, 1, 0.125)
    expected = [{"epoch": 1, "top_5_accuracy": 0.125}, {"epoch": 2, "top_5_accuracy": 0.25}]
    assert study.trial(0).curve == expected
    assert study.trial(0).value is None


def test_a_name_is_taken_once(study: Study, place: Place) -> None:
    with pytest.raises(InputError, match=r"name: a study called 'small' exists; go on .*resume sm"):
        Study.create(place, study.spec, FACTS)


def test_claims_are_numbered_up_to_the_budget(study: Study) -> None:
    claims = [study.claim() for _ in range(4)]
    assert [claim and claim.number for claim in claims] == [0, 1, 2, None]
    assert len({claim.seed for claim in claims if claim}) == 3


def test_a_proposal_enters_storage_whole(study: Study) -> None:
    claim = study.claim()
    assert claim is not None
    trial = study.trial(0)
    assert (trial.state, trial.params) == ("running", claim.params)
    assert trial.config == claim.config.as_dict()
    assert trial.seed == claim.seed


def test_a_finished_trial_is_recorded_and_not_claimed_again(study: Study) -> None:
    claim = study.claim()
    assert claim is not None
    study.checkpoint(claim).parent.mkdir(parents=True)
    study.checkpoint(claim).write_text("x")
    study.finish(claim, {"state": "complete"} | ENDED)
    trial = study.trial(0)
    assert (trial.state, trial.value, trial.curve) == ("complete", 0.5, ENDED["curve"])
    assert not study.checkpoint(claim).exists()
    following = study.claim()
    assert following is not None
    assert following.number == 1


@pytest.mark.parametrize("state", ["pruned", "failed"])
def test_other_ends_are_kept_too(study: Study, state: str) -> None:
    claim = study.claim()
    assert claim is not None
    fields = ENDED if state == "pruned" else {"error": "no", "value": None}
    study.report(claim, 1, 0.5)
    study.finish(claim, {"state": state} | fields)
    assert study.trial(0).state == state
    assert study.record().best is None


def test_a_released_trial_is_the_next_claim_with_its_own_seed_and_parameters(study: Study) -> None:
    first = study.claim()
    assert first is not None
    study.release(first)
    assert study.trial(0).state == "waiting"
    assert study.claim() == first


def test_a_trial_of_a_dead_worker_waits_and_is_claimed_again(study: Study) -> None:
    first = study.claim()
    assert first is not None
    _dead(study, 0)
    assert study.trial(0).state == "waiting"
    assert study.claim() == first
    assert study.trial(0).state == "running"


def test_a_trial_of_a_living_worker_is_left_to_it(study: Study) -> None:
    study.claim()
    following = study.claim()
    assert following is not None
    assert following.number == 1


def test_the_budget_can_be_raised_and_not_fall_below_what_was_begun(study: Study) -> None:
    study.claim()
    study.claim()
    study.raise_budget(5)
    assert study.budget == 5
    with pytest.raises(InputError, match=r"trials: must be at least the 2 that .* has, got 1\."):
        study.raise_budget(1)


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
    claim = study.claim()
    assert claim is not None
    study.report(claim, 1, 0.5)
    study.finish(claim, {"state": "complete"} | ENDED)
    theirs = optuna.load_study(study_name="small", storage=place.url)
    assert theirs.best_trial.params == claim.params
    assert theirs.best_value == 0.5
    assert theirs.trials[0].state == TrialState.COMPLETE
    shown = optuna.visualization.plot_optimization_history(theirs)
    assert list(shown.data[0].y) == [0.5]
    command = [Path(sys.executable).parent / "optuna", "trials", "--format", "json"]
    command += ["--study-name", "small", "--storage", place.url]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert json.loads(listed)[0]["params"] == claim.params


def test_a_journal_holds_a_study_like_a_database(
    small: Callable[..., StudySpec], place: Place
) -> None:
    journal = replace(place, url=place.url.replace("sqlite:///", "journal:"))
    study = Study.create(journal, small(), FACTS)
    claim = study.claim()
    assert claim is not None
    study.release(claim)
    assert study.claim() == claim
    study.finish(claim, {"state": "complete"} | ENDED)
    assert Study(journal, "small").record().best == study.trial(0)
