from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from search.spec import StudySpec
from tests.conftest import Towersearch


def test_the_lines_to_beat_and_other_metrics_winners_are_shown(
    towersearch: Towersearch, spec_file: str
) -> None:
    towersearch("run", spec_file)
    lines = json.loads(towersearch("status", "small", "--json")[1])["baselines"]
    assert {"popularity", "random", "recent_popularity", "item_knn", "ease"} <= set(lines)
    shown = towersearch("status", "small")[1]
    assert f"to beat: popularity {lines['popularity']:.4f}, random order" in shown

    by_loss = json.loads(towersearch("best", "small", "--by", "loss", "--json")[1])["number"]
    listed = json.loads(towersearch("trials", "small", "--json")[1])
    losses = [trial["metrics"]["loss"] for trial in listed]
    assert losses[by_loss] == min(losses)
    assert "rank correlation" in towersearch("best", "small", "--by", "loss")[1]
    status, _, error = towersearch("best", "small", "--by", "recall")
    assert status == 2
    assert error.startswith("by: must be one of top_5_accuracy, ")
    assert error.endswith(", got 'recall'.\n")


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


def test_a_rule_that_ended_a_study_and_a_broken_constraint_are_named(
    towersearch: Towersearch, small: Callable[..., StudySpec], tmp_path: Path
) -> None:
    spec = small(trials=3, constraints={"parameters": "<= 1"}, give_up_after=1)
    (tmp_path / "small.toml").write_text(spec.to_toml())
    assert towersearch("run", "small.toml")[0] == 1
    rule = "the last trial has brought no improvement"
    assert f"\nended: {rule}\n" in towersearch("status", "small")[1]
    assert json.loads(towersearch("status", "small", "--json")[1])["ended"] == rule
    assert re.search(r"\(breaks parameters by [\d,]+\) depth=", towersearch("trials", "small")[1])
