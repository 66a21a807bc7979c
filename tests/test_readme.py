"""The README's examples are true: its spec resolves, its commands parse, its Python runs."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from search import cli
from search.resolve import resolve
from tests.conftest import Towersearch

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


def test_every_option_and_command_exists(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    for line in "".join(_blocks("console")).splitlines():
        command, *rest = line.partition("#")[0].split()[1:]
        monkeypatch.setattr(sys, "argv", ["towersearch", command, "--help"])
        with pytest.raises(SystemExit):
            cli.main()
        shown = capsys.readouterr().out
        assert all(word in shown for word in rest if word.startswith("-")), line


def test_the_python_runs_on_a_study(
    towersearch: Towersearch, small: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "deeper.toml").write_text(small(name="deeper", trials=1).to_toml())
    towersearch("run", "deeper.toml")
    (code,) = _blocks("python")
    exec(code, {})
