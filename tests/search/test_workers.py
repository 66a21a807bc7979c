"""The supervisor over real processes, which claim trials and end as their script says."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from search import workers
from search.processes import alive
from search.records import TrialRecord
from search.spec import StudySpec
from search.storage import Place
from search.storage.outages import StorageError
from search.study import Study
from search.workers import supervise
from tests.search.studies import FACTS

_WORK = """
import os, signal, sys
from search.storage import Place
from search.study import Study
study = Study(Place(os.environ["TOWERSEARCH_STORAGE"]), "small")
while claim := study.claim():
    {}
    ended = {{"state": "complete", "value": 0.5, "best_epoch": 1, "curve": []}}
    study.finish(claim, ended)
"""


class Told:
    """Keeps what a listener is told of."""

    def __init__(self) -> None:
        self.trials: list[TrialRecord] = []
        self.epochs: list[tuple[int, int, int, float | None]] = []

    def epoch(self, number: int, epoch: int, epochs: int, value: float | None) -> None:
        self.epochs.append((number, epoch, epochs, value))

    def trial(self, trial: TrialRecord) -> None:
        self.trials.append(trial)


@pytest.fixture
def study(small: Callable[..., StudySpec], place: Place) -> Study:
    return Study.create(place, small(tuner="optuna.random"), FACTS)


@pytest.fixture
def tend(study: Study, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[TrialRecord]]:
    """Supervise workers that run a script; gives the trials that the listener was told of."""

    def supervised(script: str, count: int = 1) -> list[TrialRecord]:
        command = [sys.executable, "-c", script]
        monkeypatch.setattr(workers, "_command", lambda *_: command)
        monkeypatch.setattr(workers, "_POLL_SECONDS", 0.02)
        told = Told()
        supervise(study, count, told, lambda: False, None)
        return told.trials

    return supervised


def test_a_worker_that_was_killed_is_replaced_and_its_trial_goes_on(
    tend: Callable[..., Any], tmp_path: Path
) -> None:
    kills = f"""
    if claim.number == 1 and not os.path.exists({str(tmp_path / "mark")!r}):
        open({str(tmp_path / "mark")!r}, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)"""
    told = tend(_WORK.format(kills))
    assert [(trial.number, trial.state) for trial in told] == [
        (0, "complete"),
        (1, "complete"),
        (2, "complete"),
    ]


def test_a_configuration_that_kills_every_worker_fails_and_the_others_go_on(
    tend: Callable[..., Any], small: Callable[..., StudySpec], study: Study
) -> None:
    study.spec = small(retries=1)
    kills = "if claim.number == 1: os.kill(os.getpid(), signal.SIGSEGV)"
    told = {trial.number: trial for trial in tend(_WORK.format(kills))}
    assert [told[number].state for number in range(3)] == ["complete", "failed", "complete"]
    assert told[1].error == (
        "It killed its worker 2 times without a new checkpoint in between: SIGSEGV."
    )


def test_what_stops_a_worker_for_good_stops_all_with_its_sentence(tend: Callable[..., Any]) -> None:
    with pytest.raises(RuntimeError, match=r"^data: has changed\.$"):
        tend("import sys\nprint('noise', file=sys.stderr)\nsys.exit('data: has changed.')", 2)
    with pytest.raises(StorageError, match=r"^storage: is full\.$"):
        tend("import sys\nprint('storage: is full.', file=sys.stderr)\nsys.exit(3)")


def test_workers_that_die_before_they_have_a_trial_are_not_replaced_for_ever(
    tend: Callable[..., Any],
) -> None:
    sentence = (
        r"workers: 3 in a row died before they had a trial: SIGKILL, as where memory runs out"
    )
    with pytest.raises(RuntimeError, match=sentence):
        tend("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")


def test_the_listener_hears_until_which_epoch_hyperband_trains_a_trial(
    small: Callable[..., StudySpec], place: Place
) -> None:
    study = Study.create(place, small(tuner="keras_tuner.hyperband", trials=4), FACTS)
    claim = study.claim()
    assert claim is not None
    study.report(claim, 1, 0.5)
    told = Told()
    workers._tell(study, told, set())
    assert told.epochs == [(0, 1, 1, 0.5)]
    assert claim.config.epochs == 3


@pytest.mark.parametrize(
    ("cores", "count", "expected"),
    [
        ({0, 1, 2, 3}, 2, [(0, 2), (1, 3)]),
        ({4, 5, 6}, 2, [(4, 6), (5,)]),
        ({0, 1}, 3, [(0,), (1,), (0,)]),
    ],
)
def test_every_worker_has_its_share_of_the_cores(
    monkeypatch: pytest.MonkeyPatch, cores: set[int], count: int, expected: list[Any]
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: cores)
    assert [share for _, share in workers._shares(count)] == expected


def test_a_worker_has_its_cores_from_the_start(tend: Callable[..., Any], tmp_path: Path) -> None:
    cores = tmp_path / "cores"
    tend(f"import os\nopen({str(cores)!r}, 'a').write(f'{{os.sched_getaffinity(0)}}')", 1)
    assert cores.read_text() == str(os.sched_getaffinity(0))


def test_a_worker_dies_with_its_supervisor() -> None:
    script = (
        "import os, subprocess, sys, time\n"
        "child = ('import time\\nfrom search.processes import follow_supervisor\\n'\n"
        "         'follow_supervisor()\\nprint(1, flush=True)\\ntime.sleep(60)')\n"
        "worker = subprocess.Popen([sys.executable, '-c', child], stdout=subprocess.PIPE)\n"
        "worker.stdout.readline()\n"
        "from search.processes import identity\n"
        "import json\nprint(json.dumps(identity(worker.pid)), flush=True)\ntime.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout is not None
    worker = json.loads(supervisor.stdout.readline())
    assert alive(worker)
    supervisor.send_signal(signal.SIGKILL)
    supervisor.communicate()
    end = time.monotonic() + 10
    while alive(worker):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_storages_password_is_not_in_a_command_line(study: Study) -> None:
    study.place = Place("postgresql+psycopg://me:secret@host/db")
    assert "secret" not in " ".join(workers._command(study, None))
