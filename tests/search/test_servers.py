"""Studies on real database servers: read back, shared by processes, one claim at a time."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy

from search.spec import StudySpec
from search.storage import Place
from search.study import Study
from spaces import InputError
from tests.search.studies import ENDED, FACTS
from tests.servers import Server, mariadb, missing, postgres

_SERVERS = {"postgres": postgres, "mariadbd": mariadb}
_CLAIM = """
import json, sys
from search.storage import Place
from search.study import Study
study = Study(Place(sys.argv[1]), "small")
numbers = []
while claim := study.claim():
    numbers.append(claim.number)
    study.finish(claim, {"state": "complete", "value": 0.5, "best_epoch": 1, "curve": []})
print(json.dumps(numbers))
"""


@pytest.fixture(scope="module", params=_SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    missing(request.param)
    with _SERVERS[request.param]() as started:
        yield started


@pytest.fixture
def url(server: Server) -> str:
    return server.url


@pytest.fixture(autouse=True)
def _no_connection_left() -> Iterator[None]:
    """Let go of the connections that a test's studies pooled, without their complaints."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def test_processes_that_claim_at_once_share_the_trials(
    url: str, small: Callable[..., StudySpec]
) -> None:
    study = Study.create(Place(url), small(trials=12, tuner="optuna.random"), FACTS)
    command = [sys.executable, "-c", _CLAIM, url]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    claimed = [json.loads(worker.communicate(timeout=120)[0]) for worker in workers]
    assert sorted(number for numbers in claimed for number in numbers) == list(range(12))
    record = study.record()
    assert [trial.state for trial in record.trials] == ["complete"] * 12
    assert len({json.dumps(trial.params) for trial in record.trials}) == 12


def test_a_long_curve_is_read_back(url: str, small: Callable[..., StudySpec]) -> None:
    study = Study.create(Place(url), small(name="long"), FACTS)
    claim = study.claim()
    assert claim is not None
    curve = [{"epoch": n, "train_loss": 1 / n, "mrr": n / 7000} for n in range(1, 3001)]
    study.finish(claim, {"state": "complete"} | ENDED | {"curve": curve})
    assert Study(Place(url), "long").trial(0).curve == curve


def test_the_lock_of_a_holder_who_dies_is_free(url: str, small: Callable[..., StudySpec]) -> None:
    script = (
        "import sys, time\nfrom search.storage import Place\n"
        "with Place(sys.argv[1]).lock('s'):\n    print('held', flush=True)\n    time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, url], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.communicate()
    began = time.monotonic()
    with Place(url).lock("s"):
        assert time.monotonic() - began < 10


@pytest.mark.parametrize("kill", [False, True])
def test_a_restart_of_the_server_is_waited_out(
    server: Server, small: Callable[..., StudySpec], kill: bool
) -> None:
    study = Study.create(Place(server.url), small(name=f"restart-{kill}"), FACTS)
    first = study.claim()
    assert first is not None
    server.stop(kill)
    returning = threading.Timer(1.0, server.start)
    returning.start()
    try:
        study.report(first, 1, 0.5)
        second = study.claim()
        assert study.finish(first, {"state": "complete"} | ENDED)
    finally:
        returning.join()
    assert second is not None
    assert [trial.state for trial in study.record().trials] == ["complete", "running"]


def test_a_server_without_studies_is_not_written_to_by_reading(url: str) -> None:
    engine = sqlalchemy.create_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sqlalchemy.text("CREATE DATABASE empty_one"))
    engine.dispose()
    empty = url.rpartition("/")[0] + "/empty_one"
    with pytest.raises(InputError, match=r"storage: must hold studies, got .*, a database w"):
        Place(empty).open(write=False)
    engine = sqlalchemy.create_engine(empty)
    assert sqlalchemy.inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_study_on_a_server_is_read_like_any_other(
    url: str, small: Callable[..., StudySpec]
) -> None:
    study = Study.create(Place(url), small(name="read"), FACTS)
    assert Study(Place(url), "read", write=False).record() == study.record()
