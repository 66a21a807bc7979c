from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.exceptions import StorageInternalError
from optuna.trial import TrialState

from search import liveness
from search.processes import identity
from search.spec import StudySpec
from search.storage import Place
from search.study import Claim, Study, names
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


def _worker(study: Study, number: int, **changed: str) -> None:
    """Have the trial's worker be another process, or one elsewhere."""
    worker = study._stored(number).user_attrs["worker"] | changed
    study._storage.set_trial_user_attr(study._trial_id(number), "worker", worker)


def _claimed(study: Study) -> Claim:
    claim = study.claim()
    assert claim is not None
    return claim


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
    study.artifacts.checkpoint(claim.number).parent.mkdir(parents=True)
    study.artifacts.checkpoint(claim.number).write_text("x")
    study.finish(claim, {"state": "complete"} | ENDED)
    trial = study.trial(0)
    assert (trial.state, trial.value, trial.curve) == ("complete", 0.5, ENDED["curve"])
    assert not study.artifacts.checkpoint(claim.number).exists()
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
    _worker(study, 0, start="1")
    assert study.trial(0).state == "waiting"
    assert study.claim() == first
    assert study.trial(0).state == "running"


def test_a_trial_of_a_living_worker_is_left_to_it(study: Study) -> None:
    study.claim()
    following = study.claim()
    assert following is not None
    assert following.number == 1


def test_a_trial_of_a_worker_elsewhere_is_claimed_once_it_has_fallen_silent(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _claimed(study)
    _worker(study, 0, host="elsewhere")
    monkeypatch.setattr(liveness, "BEAT_SECONDS", 0.0)
    assert [study.undecided() for _ in range(7)] == [True] * 6 + [False]
    again = _claimed(study)
    assert (again, again.token == first.token) == (first, False)


def test_a_trial_of_a_worker_elsewhere_that_beats_is_left_to_it(study: Study) -> None:
    _claimed(study)
    _worker(study, 0, host="elsewhere")
    assert study.undecided()
    study._storage.set_trial_user_attr(study._trial_id(0), "beat", 1)
    assert not study.undecided()
    assert _claimed(study).number == 1
    assert study.trial(0).state == "running"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a process namespace")
def test_a_worker_that_died_in_another_container_is_found_by_its_silence(
    study: Study, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import os, signal, sys\nfrom search.storage import Place\nfrom search.study import Study\n"
        "print(Study(Place(sys.argv[1]), 'small').claim().number, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGTERM)"
    )
    container = ["unshare", "--pid", "--uts", "--fork", sys.executable, "-c", script, place.url]
    done = subprocess.run(container, capture_output=True, text=True)
    assert done.stdout == "0\n", done.stderr
    monkeypatch.setattr(liveness, "BEAT_SECONDS", 0.0)
    assert [study.undecided() for _ in range(7)] == [True] * 6 + [False]
    assert _claimed(study).number == 0


def test_a_worker_beats_in_its_trials_record(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "BEAT_SECONDS", 0.01)
    claim = _claimed(study)
    assert study._stored(0).user_attrs["beat"] == 0
    with study.beating(claim):
        _wait_for(lambda: study._stored(0).user_attrs["beat"] >= 2)


def test_what_a_worker_finishes_after_it_was_thought_dead_counts_for_nothing(study: Study) -> None:
    slow = _claimed(study)
    _worker(study, 0, start="1")
    quick = _claimed(study)
    assert not study.finish(slow, {"state": "failed", "error": "late"})
    study.release(slow)
    assert study.trial(0).state == "running"
    assert study.finish(quick, {"state": "complete"} | ENDED)
    study.report(slow, 3, 0.1)
    assert not study.finish(slow, {"state": "failed", "error": "late"})
    assert (study.trial(0).state, study.trial(0).error) == ("complete", None)


def test_a_trial_ends_once_however_often_that_is_said(study: Study) -> None:
    claim = _claimed(study)
    assert study.finish(claim, {"state": "complete"} | ENDED)
    before = study.trial(0)
    assert study.finish(claim, {"state": "complete"} | ENDED)
    assert study.trial(0) == before


def test_a_trial_that_was_created_although_the_server_went_away_is_claimed(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = study._storage.create_new_trial

    def answer_lost(*arguments: Any) -> int:
        create(*arguments)
        monkeypatch.setattr(study._storage, "create_new_trial", create)
        raise StorageInternalError("server closed the connection")

    monkeypatch.setattr(Place, "on_server", True)
    monkeypatch.setattr(study._storage, "create_new_trial", answer_lost)
    assert _claimed(study).number == 0
    assert len(study.record().trials) == 1


def test_a_trial_that_another_process_forestalled_counts_for_nothing(
    study: Study, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock of a server falls when the server does, and so in the middle of a claim."""
    create, other = study._storage.create_new_trial, Study(place, "small")

    def overtaken(study_id: int, template: Any) -> int:
        monkeypatch.setattr(study._storage, "create_new_trial", create)
        monkeypatch.setattr(Place, "lock", lambda place, name: nullcontext())
        assert _claimed(other).number == 0
        return create(study_id, template)

    monkeypatch.setattr(Place, "on_server", True)
    monkeypatch.setattr(study._storage, "create_new_trial", overtaken)
    assert _claimed(study).number == 2
    assert [trial.number for trial in study.record().trials] == [0, 2]
    assert study._all_trials()[1].state == TrialState.FAIL
    assert [study.claim() is None for _ in range(2)] == [False, True]


def test_a_configuration_that_kills_its_worker_is_tried_again_twice(study: Study) -> None:
    for _ in range(3):
        assert _claimed(study).number == 0
        assert study.bury(identity(), "SIGKILL")
    trial = study.trial(0)
    assert trial.state == "failed"
    assert trial.error == (
        "It killed its worker 3 times without a new checkpoint in between: SIGKILL."
    )
    assert _claimed(study).number == 1


def test_how_often_it_is_tried_again_is_a_setting(
    small: Callable[..., StudySpec], place: Place
) -> None:
    study = Study.create(place, small(retries=0), FACTS)
    _claimed(study)
    study.bury(identity(), "SIGSEGV")
    assert study.trial(0).error == "It killed its worker once: SIGSEGV."


def test_deaths_count_only_where_no_checkpoint_came_in_between(study: Study) -> None:
    for n in range(4):
        checkpoint = study.artifacts.checkpoint(_claimed(study).number)
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        checkpoint.write_text("x")
        os.utime(checkpoint, (n, n))
        study.bury(identity(), "SIGKILL")
        assert study.trial(0).state == "waiting"
    for _ in range(2):
        _claimed(study)
        study.bury(identity(), "SIGKILL")
    assert study.trial(0).state == "failed"


def test_a_worker_without_a_trial_leaves_none(study: Study) -> None:
    study.release(_claimed(study))
    assert not study.bury(identity(), "SIGKILL")
    _claimed(study)
    assert not study.bury(identity() | {"start": "1"}, "SIGKILL")
    assert study.trial(0).state == "running"


@pytest.mark.parametrize("state", ["complete", "pruned", "failed"])
def test_the_checkpoint_of_a_trial_that_ended_goes_unless_it_failed(
    study: Study, state: str
) -> None:
    claim = _claimed(study)
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
        claim = _claimed(study)
        study.artifacts.weights(claim.number).write_text("x")
        study.finish(claim, {"state": "complete"} | ENDED | {"value": value})
    study.artifacts.weights(_claimed(study).number).write_text("x")
    kept = sorted(path.name for path in study.artifacts.weights(0).parent.iterdir())
    assert kept == [f"{number}.weights" for number in (1, 2, 3, 4, 6, 7)]


def test_a_study_opened_to_be_read_leaves_its_file_as_it_was(study: Study, place: Place) -> None:
    path = Path(place.url.removeprefix("sqlite:///"))
    study.release(_claimed(study))
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
    again = study.claim()
    assert again == claim
    study.finish(again, {"state": "complete"} | ENDED)
    assert Study(journal, "small").record().best == study.trial(0)


def _wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
