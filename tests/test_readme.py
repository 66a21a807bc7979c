"""The README's examples are true: its spec resolves, its commands parse, its Python runs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from search.resolve import resolve
from tests.conftest import Towersearch
from tests.films import films

BRIEFLY = {
    "--trials 30": "--trials 2",
    "--trials 60": "--trials 3",
    "--workers 2": "--workers 1",
    "--top 3 --seeds 5": "--top 1 --seeds 1 --no-tutorial",
    "--open": "",
    "--name deeper": "--name deeper --trials 1",
}
README = (Path(__file__).parent.parent / "README.md").read_text()


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_spec_resolves_to_what_it_says() -> None:
    (text,) = _blocks("toml")
    spec = resolve(tomllib.loads(text))
    assert (spec.study.trials, spec.study.pruner) == (60, "hyperband")
    assert "dropout" not in spec.space.active({"depth": 1})


def test_the_examples_spec_resolves_to_what_the_report_page_says() -> None:
    text = (Path(__file__).parent.parent / "docs" / "example.toml").read_text()
    spec = resolve(tomllib.loads(text))
    assert (spec.study.trials, spec.study.allocate_by) == (60, "depth")
    assert [*spec.space["depth"].grid()] == [1, 2, 3, 4]


def test_the_commands_run_one_after_another(
    towersearch: Towersearch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.run.load", lambda source, data_dir: films(titles=150))
    (text,) = _blocks("toml")
    (tmp_path / "study.toml").write_text(text.replace('["all", "user_id"]', '["all", "user"]'))
    for line in "".join(_blocks("console")).splitlines():
        command = line.partition("#")[0]
        for long, short in BRIEFLY.items():
            command = command.replace(long, short)
        status, _, err = towersearch(*command.split()[1:])
        assert (status, err) == (0, ""), line
    assert (tmp_path / "report.html").stat().st_size > 1e6


def test_the_python_runs_on_a_study(
    towersearch: Towersearch, small: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "deeper.toml").write_text(small(name="deeper", trials=1).to_toml())
    towersearch("run", "deeper.toml")
    (code,) = _blocks("python")
    exec(code, {})
