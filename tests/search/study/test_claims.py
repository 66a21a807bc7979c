"""Which process runs a trial, and what becomes of a trial whose process died."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from optuna.exceptions import StorageInternalError
from optuna.trial import TrialState

from search.processes import identity
from search.spec import StudySpec
from search.storage import Place
from search.study import Study, liveness
from tests.search.studies import ENDED, FACTS, claimed


def _worker(study: Study, number: int, **changed: str) -> None:
    """Have the trial's worker be another process, or one elsewhere."""
    worker = study._trials[number].user_attrs["worker"] | changed
    study._trials.note(number, "worker", worker)


def test_claims_are_numbered_up_to_the_budget(study: Study) -> None:
    claims = [study.claim() for _ in range(4)]
    assert [claim and claim.number for claim in claims] == [0, 1, 2, None]
    assert len({claim.seed for claim in claims if claim}) == 3


def test_a_proposal_enters_storage_whole(study: Study) -> None:
    claim = claimed(study)
    trial = study.trial(0)
    assert (trial.state, trial.params) == ("running", claim.params)
    assert trial.config == claim.config.as_dict()
    assert trial.seed == claim.seed


def test_a_released_trial_is_the_next_claim_with_its_own_seed_and_parameters(study: Study) -> None:
    first = claimed(study)
    study.release(first)
    assert study.trial(0).state == "waiting"
    assert study.claim() == first


def test_a_trial_of_a_dead_worker_waits_and_is_claimed_again(study: Study) -> None:
    first = claimed(study)
    _worker(study, 0, start="1")
    assert study.trial(0).state == "waiting"
    assert study.claim() == first
    assert study.trial(0).state == "running"


def test_each_depth_has_its_share_of_trials_and_is_pruned_by_itself_through_deaths_and_resumes(
    small: Callable[..., StudySpec], place: Place
) -> None:
    study = Study.create(place, small(trials=6, allocate_by="depth", pruner="median"), FACTS)
    other = Study(place, "small")
    for turn in range(6):
        dying, beside = claimed(study), claimed(other) if turn < 5 else None
        _worker(study, dying.number, start="1")  # died
        again = claimed(Study(place, "small"))  # resumed
        assert again == dying
        for claim in filter(None, (again, beside)):
            assert {trial.params["depth"] for trial in claim.peers} <= {claim.params["depth"]}
        study.finish(again, {"state": "complete"} | ENDED)
        if beside:
            other.release(beside)
    assert [trial.params["depth"] for trial in study.record().trials] == [1, 2, 3, 1, 2, 3]
    assert study.claim() is None


def test_a_trial_of_a_living_worker_is_left_to_it(study: Study) -> None:
    study.claim()
    following = claimed(study)
    assert following.number == 1


def test_a_trial_of_a_worker_elsewhere_is_claimed_once_it_has_fallen_silent(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = claimed(study)
    _worker(study, 0, host="elsewhere")
    monkeypatch.setattr(liveness, "BEAT_SECONDS", 0.0)
    assert [study.undecided() for _ in range(7)] == [True] * 6 + [False]
    again = claimed(study)
    assert (again, again.token == first.token) == (first, False)


def test_a_trial_of_a_worker_elsewhere_that_beats_is_left_to_it(study: Study) -> None:
    claimed(study)
    _worker(study, 0, host="elsewhere")
    assert study.undecided()
    study._trials.note(0, "beat", 1)
    assert not study.undecided()
    assert claimed(study).number == 1
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
    assert claimed(study).number == 0


def test_a_worker_beats_in_its_trials_record(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "BEAT_SECONDS", 0.01)
    claim = claimed(study)
    assert study._trials[0].user_attrs["beat"] == 0
    with study.beating(claim):
        _wait_for(lambda: study._trials[0].user_attrs["beat"] >= 2)


def test_what_a_worker_finishes_after_it_was_thought_dead_counts_for_nothing(study: Study) -> None:
    slow = claimed(study)
    _worker(study, 0, start="1")
    quick = claimed(study)
    assert not study.finish(slow, {"state": "failed", "error": "late"})
    study.release(slow)
    assert study.trial(0).state == "running"
    assert study.finish(quick, {"state": "complete"} | ENDED)
    study.report(slow, 3, 0.1)
    assert not study.finish(slow, {"state": "failed", "error": "late"})
    assert (study.trial(0).state, study.trial(0).error) == ("complete", None)


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
    assert claimed(study).number == 0
    assert len(study.record().trials) == 1


def test_a_trial_that_another_process_forestalled_counts_for_nothing(
    study: Study, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock of a server falls when the server does, and so in the middle of a claim."""
    create, other = study._storage.create_new_trial, Study(place, "small")

    def overtaken(study_id: int, template: Any) -> int:
        monkeypatch.setattr(study._storage, "create_new_trial", create)
        monkeypatch.setattr(Place, "lock", lambda place, name: nullcontext())
        assert claimed(other).number == 0
        return create(study_id, template)

    monkeypatch.setattr(Place, "on_server", True)
    monkeypatch.setattr(study._storage, "create_new_trial", overtaken)
    assert claimed(study).number == 2
    assert [trial.number for trial in study.record().trials] == [0, 2]
    assert study._trials[1].state == TrialState.FAIL
    assert [study.claim() is None for _ in range(2)] == [False, True]


def test_a_configuration_that_kills_its_worker_is_tried_again_twice(study: Study) -> None:
    for _ in range(3):
        assert claimed(study).number == 0
        assert study.bury(identity(), "SIGKILL")
    trial = study.trial(0)
    assert trial.state == "failed"
    assert trial.error == (
        "It killed its worker 3 times without a new checkpoint in between: SIGKILL."
    )
    assert claimed(study).number == 1


def test_how_often_it_is_tried_again_is_a_setting(
    small: Callable[..., StudySpec], place: Place
) -> None:
    study = Study.create(place, small(retries=0), FACTS)
    claimed(study)
    study.bury(identity(), "SIGSEGV")
    assert study.trial(0).error == "It killed its worker once: SIGSEGV."


def test_deaths_count_only_where_no_checkpoint_came_in_between(study: Study) -> None:
    for n in range(4):
        checkpoint = study.artifacts.checkpoint(claimed(study).number)
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        checkpoint.write_text("x")
        os.utime(checkpoint, (n, n))
        study.bury(identity(), "SIGKILL")
        assert study.trial(0).state == "waiting"
    for _ in range(2):
        claimed(study)
        study.bury(identity(), "SIGKILL")
    assert study.trial(0).state == "failed"


def test_a_worker_without_a_trial_leaves_none(study: Study) -> None:
    study.release(claimed(study))
    assert not study.bury(identity(), "SIGKILL")
    claimed(study)
    assert not study.bury(identity() | {"start": "1"}, "SIGKILL")
    assert study.trial(0).state == "running"


def _wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
