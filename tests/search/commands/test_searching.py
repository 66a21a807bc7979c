from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from search.spec import StudySpec
from search.tuners import default_tuner, names
from tests.conftest import Towersearch


def test_a_study_is_run_extended_and_read(towersearch: Towersearch, spec_file: str) -> None:
    status, out, err = towersearch("run", spec_file, "--report", "report.html")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == f"Searches with {default_tuner()}, pruner none."
    lines = [line for line in lines[1:] if not line.startswith("optuna.gp samples")]
    assert [line.split()[:3] for line in lines[:2]] == [
        ["trial", "0", "complete"],
        ["trial", "1", "complete"],
    ]
    assert lines[2].startswith("Best: trial ")
    assert "popularity: 0." in lines[2]
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


def test_a_study_whose_tuner_is_absent_is_left_as_it_is(
    towersearch: Towersearch, spec_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "find_spec", lambda _: object())
    assert towersearch("run", spec_file, "--tuner", "optuna.gp", "--timeout", "1e-9")[0] == 0
    monkeypatch.setattr(names, "find_spec", lambda _: None)
    status, _, err = towersearch("resume", "small", "--trials", "9")
    assert status == 2
    assert "tuner: optuna.gp needs the extra 'gp', which is not installed" in err
    assert json.loads(towersearch("status", "small", "--json")[1])["budget"] == 2


def test_a_target_ends_a_study_and_is_named(towersearch: Towersearch, spec_file: str) -> None:
    status, out, _ = towersearch("run", spec_file, "--target", "0.01")
    assert status == 0
    assert out.splitlines()[-1] == "Ended: top_5_accuracy has reached the target of 0.01."
    found = json.loads(towersearch("status", "small", "--json")[1])
    assert (found["state"], found["budget"]) == ("complete", 1)


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


def test_a_second_signal_does_not_take_the_closing_words_away(
    towersearch: Towersearch, spec_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def signalled(*_: object) -> str:
        signal.raise_signal(signal.SIGTERM)
        return "Go on."

    monkeypatch.setattr("search.run.load", signalled)
    monkeypatch.setattr("search.commands.session.interrupted", signalled)
    assert towersearch("run", spec_file) == (130, "Go on.\n", "")


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
    assert towersearch("best", "small")[2] == (
        "study: 'small' has no trial yet that completed; go on with "
        "`towersearch resume small --trials 4`.\n"
    )


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
    assert "Stopped: 2 trials failed in a row; the last failure: MemoryError: no room\n" in out
    assert out.endswith("Go on:  towersearch resume small\n")
    assert json.loads(towersearch("status", "small", "--json")[1])["trials"]["failed"] == 2
