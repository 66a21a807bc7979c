from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from search import cli
from search.commands.options import command_line
from search.data.sources import SOURCES
from search.spec import StudySpec
from search.tuners import PRUNERS, TUNERS
from spaces import PRESETS
from tests.conftest import Towersearch


@pytest.fixture
def spec_file(tmp_path: Path, small: Callable[..., StudySpec]) -> str:
    (tmp_path / "small.toml").write_text(small(trials=2).to_toml())
    return "small.toml"


def test_a_study_is_run_extended_and_read(towersearch: Towersearch, spec_file: str) -> None:
    status, out, err = towersearch("run", spec_file, "--report", "report.html")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert [line.split()[:3] for line in lines[:2]] == [
        ["trial", "0", "complete"],
        ["trial", "1", "complete"],
    ]
    assert lines[2].startswith("Best: trial ")
    assert "most popular first: 0." in lines[2]
    assert lines[-2:] == [
        "Report: report.html",
        "Extend: towersearch resume small --trials 4",
    ]
    assert "<html" in Path("report.html").read_text()

    status, out, _ = towersearch("resume", "small", "--trials", "3")
    assert status == 0
    assert out.startswith("trial 2  complete")

    found = json.loads(towersearch("status", "small", "--json")[1])
    assert {"name", "state", "budget", "trials", "best"} <= set(found)
    assert (found["state"], found["budget"], found["trials"]["complete"]) == ("complete", 3, 3)
    assert "3 of 3" in towersearch("status", "small")[1]

    listed = json.loads(towersearch("trials", "small", "--json")[1])
    assert [trial["number"] for trial in listed] == [0, 1, 2]
    fields = "number state params value values best_epoch curve metrics cost seed error"
    assert set(fields.split()) <= set(listed[0])
    costs = "train_seconds evaluate_seconds parameters bytes peak_bytes examples_per_second"
    assert set(costs.split()) == set(listed[0]["cost"])
    assert "learning_rate=" in towersearch("trials", "small")[1]

    best = json.loads(towersearch("best", "small", "--json")[1])
    assert set(best) == {"number", "params", "value", "config"}
    assert best["value"] == max(trial["value"] for trial in listed)
    assert "learning_rate = " in towersearch("best", "small")[1]

    assert json.loads(towersearch("list", "--json")[1])[0]["name"] == "small"
    assert "3 of 3" in towersearch("list")[1]
    assert towersearch("report", "small", "-o", "again.html")[1] == "again.html\n"
    assert Path("again.html").exists()
    assert towersearch("report", "small", "small", "-o", "both.html")[1] == "both.html\n"
    assert "Settings that differ" in Path("both.html").read_text()


def test_the_lines_to_beat_and_other_metrics_winners_are_shown(
    towersearch: Towersearch, spec_file: str
) -> None:
    towersearch("run", spec_file)
    lines = json.loads(towersearch("status", "small", "--json")[1])["baselines"]
    assert {"popularity", "random", "recent_popularity", "item_knn", "ease"} <= set(lines)
    shown = towersearch("status", "small")[1]
    assert f"to beat: most popular first {lines['popularity']:.4f}, random order" in shown

    by_loss = json.loads(towersearch("best", "small", "--by", "loss", "--json")[1])["number"]
    listed = json.loads(towersearch("trials", "small", "--json")[1])
    losses = [trial["metrics"]["loss"] for trial in listed]
    assert losses[by_loss] == min(losses)
    assert "rank correlation" in towersearch("best", "small", "--by", "loss")[1]
    status, _, error = towersearch("best", "small", "--by", "recall")
    assert status == 2
    assert error.startswith("by: must be one of top_5_accuracy, ")
    assert error.endswith(", got 'recall'.\n")


def test_a_study_begins_with_what_is_enqueued_and_what_another_one_found(
    towersearch: Towersearch, spec_file: str
) -> None:
    towersearch("run", spec_file)
    config = json.loads(towersearch("best", "small", "--json")[1])["params"]
    Path("mine.toml").write_text("[[first]]\ndepth = 1\noptimizer = 'adam'\nlearning_rate = 0.05\n")
    status, out, err = towersearch(
        *("run", spec_file, "--name", "next", "--trials", "2"),
        *("--enqueue", "mine.toml", "--warm-start", "small"),
    )
    assert (status, err) == (0, "")
    assert out.startswith("Learns from 2 of 2 trials of 'small'.\n")
    first, second = json.loads(towersearch("trials", "next", "--json")[1])
    assert (first["params"]["depth"], first["params"]["learning_rate"]) == (1, 0.05)
    assert second["params"] == config


def test_a_target_ends_a_study_and_is_named(towersearch: Towersearch, spec_file: str) -> None:
    status, out, _ = towersearch("run", spec_file, "--target", "0.01")
    assert status == 0
    assert out.splitlines()[-1] == "Ended: top_5_accuracy has reached the target of 0.01."
    found = json.loads(towersearch("status", "small", "--json")[1])
    assert (found["state"], found["budget"]) == ("complete", 1)


def test_best_shows_the_front_of_several_objectives(
    towersearch: Towersearch, spec_file: str
) -> None:
    objectives = ("--objective", "top_5_accuracy", "--objective", "parameters")
    _, out, _ = towersearch("run", spec_file, *objectives)
    assert re.search(r"top_5_accuracy 0\.\d{4}, parameters [\d,]+ at epoch", out)
    best = json.loads(towersearch("best", "small", "--json")[1])
    assert set(best) == {"number", "params", "value", "values", "config", "front"}
    assert best["front"][0]["number"] == best["number"]
    shown = towersearch("best", "small")[1]
    assert shown.split()[:4] == ["trial", "state", "top_5_accuracy", "parameters"]


def test_run_says_to_resume_a_study_that_exists(towersearch: Towersearch, spec_file: str) -> None:
    towersearch("run", spec_file)
    status, out, err = towersearch("run", spec_file)
    assert (status, out) == (2, "")
    assert err == (
        "name: a study called 'small' exists; go on with it by `towersearch resume small`, "
        "or give another --name.\n"
    )


def test_an_interruption_before_the_study_began_says_that_nothing_was_stored(
    towersearch: Towersearch, spec_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(source: str, data_dir: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr("search.run.load", interrupted)
    sentence = "Interrupted before the study began; nothing was stored.\n"
    assert towersearch("run", spec_file) == (130, sentence, "")
    assert not Path("towersearch.db").exists()


def test_the_storage_is_the_option_over_the_environment_over_the_default(
    towersearch: Towersearch, spec_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOWERSEARCH_STORAGE", "sqlite:///environment.db")
    towersearch("run", spec_file, "--trials", "1")
    assert Path("environment.db").exists()
    _, out, _ = towersearch("run", spec_file, "--trials", "1", "--storage", "journal:option.log")
    assert out.endswith("resume small --trials 2 --storage journal:option.log\n")
    assert not Path("towersearch.db").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("run", "space: must name a preset or at least one parameter, got neither; for"),
        ("run none.toml", "spec: must be an existing file, got 'none.toml'."),
        ("run --preset towrs", "preset: no preset is called 'towrs'; did you mean 'towers'?"),
        ("run --preset towers --tuner optuna.tp", "tuner: must be one of optuna.tpe, "),
        ("run --preset towers --objective accuracy", "objective: must be one of top_1_accuracy"),
        ("run --preset towers --trials 0", "study.trials: must be greater than or equal to 1, got"),
        ("run --preset towers --trials -3", "study.trials: must be greater than or equal to 1, g"),
        ("run --preset towers --trials many", "Invalid value for '--trials': "),
        ("run --preset towers --workers 0", "workers: must be at least 1, got 0."),
        ("run --preset towers --timeout -1", "timeout: must be above 0 seconds, got -1."),
        ("run --preset towers --storage sqlite:////no/x.db", "storage: must lie in an existing f"),
        ("run --preset towers --report no/r.html", "report: must lie in an existing folder, got '"),
        ("run --preset towers --warm-start other", "storage: must be an existing file, got 'towe"),
        ("run --preset towers --enqueue no.toml", "spec: must be an existing file, got 'no.toml'."),
        ("run --preset towers --give-up-after 0", "study.give_up_after: must be greater than or e"),
        ("run --bogus", "No such option: --bogus"),
        ("resume none", "storage: must be an existing file, got 'towersearch.db'; start a study"),
        ("status none", "storage: must be an existing file, got 'towersearch.db'; start a study"),
        ("frob", "No such command 'frob'."),
        ("spaces towrs", "preset: no preset is called 'towrs'; did you mean 'towers'?"),
        ("data movielens", "source: must be one of movielens-small, movielens/100k, "),
    ],
)
def test_bad_usage_is_one_sentence_and_status_2_and_leaves_nothing(
    towersearch: Towersearch, arguments: str, message: str
) -> None:
    status, out, err = towersearch(*arguments.split())
    assert (status, out) == (2, "")
    assert err.startswith(message)
    assert len(err.splitlines()) == 1
    assert list(Path().iterdir()) == []


def test_an_unknown_source_is_refused_and_leaves_nothing(
    towersearch: Towersearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search.data.sources import load

    monkeypatch.setattr("search.run.load", load)
    status, _, err = towersearch("run", "--preset", "towers", "--data", "movielens/10k")
    assert status == 2
    assert err.startswith("source: must be one of movielens-small, movielens/100k")
    assert list(Path().iterdir()) == []


def test_a_storage_that_does_not_answer_is_status_3(towersearch: Towersearch) -> None:
    url = "postgresql+psycopg://me:secret@127.0.0.1:1/db"
    status, _, err = towersearch("list", "--storage", url)
    assert status == 3
    assert err.startswith("storage: 'postgresql+psycopg://me@127.0.0.1:1/db' cannot be reached: ")
    assert "secret" not in err


def test_a_study_without_one_completed_trial_is_status_1(
    towersearch: Towersearch, spec_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: Any, epoch: int) -> float:
        raise ValueError("broken on purpose")

    monkeypatch.setattr("search.training.trainer.Trainer.train_epoch", fails)
    status, out, _ = towersearch("run", spec_file)
    assert status == 1
    assert "trial 0  failed  ValueError: broken on purpose" in out
    assert "No trial has completed; 2 of 2 have ended." in out
    assert "The last failure: ValueError: broken on purpose" in out
    assert towersearch("best", "small")[2].startswith("study: 'small' has no completed trial yet")


def test_too_many_failures_in_a_row_stop_a_study_with_status_1_and_the_last_reason(
    towersearch: Towersearch,
    small: Callable[..., StudySpec],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(self: Any, epoch: int) -> float:
        raise MemoryError("no room")

    (tmp_path / "small.toml").write_text(small(trials=9, failures_in_a_row=2).to_toml())
    monkeypatch.setattr("search.training.trainer.Trainer.train_epoch", fails)
    status, out, _ = towersearch("run", "small.toml")
    assert status == 1
    assert "Stopped: failures in a row came to 2; the last one: MemoryError: no room\n" in out
    assert out.endswith("Go on:  towersearch resume small\n")
    assert json.loads(towersearch("status", "small", "--json")[1])["trials"]["failed"] == 2


def test_a_traceback_is_shown_with_debug_alone(towersearch: Towersearch) -> None:
    from spaces import InputError

    assert "Traceback" not in towersearch("status", "none")[2]
    with pytest.raises(InputError):
        cli_main_with("--debug", "status", "none")


def cli_main_with(*arguments: str) -> None:
    before, sys.argv = sys.argv, ["towersearch", *arguments]
    try:
        cli.main()
    finally:
        sys.argv = before
        cli._debug = False


def test_presets_sources_and_choices_are_listed(towersearch: Towersearch) -> None:
    assert all(name in towersearch("spaces")[1] for name in PRESETS)
    assert all(name in towersearch("data")[1] for name in SOURCES)
    doctor = towersearch("doctor")[1]
    assert all(name in doctor for name in [*TUNERS, *PRUNERS, "tensorflow-recommenders"])
    assert "works" in doctor


def test_a_preset_prints_as_a_spec_that_runs(towersearch: Towersearch, tmp_path: Path) -> None:
    from search.resolve import resolve
    from search.spec import read_spec

    for name in PRESETS:
        (tmp_path / "spec.toml").write_text(towersearch("spaces", name)[1])
        table, text = read_spec(tmp_path / "spec.toml")
        assert resolve(table, text=text) == resolve({"space": {"preset": name}})


def test_help_loads_no_tensorflow_and_no_optuna() -> None:
    script = (
        "import sys; sys.argv = ['towersearch', '--help']\n"
        "from search.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'optuna', 'pandas')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "resume" in done.stdout


def test_a_password_in_the_storages_url_is_not_recorded(
    towersearch: Towersearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search.storage import Place

    url = "mysql+pymysql://me:secret@host/db"
    monkeypatch.setattr(sys, "argv", ["towersearch", "run", f"--storage={url}", "a b.toml"])
    given = "towersearch run --storage=mysql+pymysql://me@host/db 'a b.toml'"
    assert command_line(Place(url)) == given
