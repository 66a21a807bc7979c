"""The README and the pages in docs/ name everything there is, and their examples run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from search.cli import app
from search.data.sources import SOURCES
from search.goals import DIRECTIONS
from search.spec import DataTable, StudyTable
from search.storage import Place
from search.study import Study
from search.training.measures import top_k_accuracy
from search.tuners import PRUNERS, TUNERS
from spaces import PRESETS, Choice, Integer, Parameter, Real
from spaces.model import DEFAULTS, MODEL
from tests.conftest import Towersearch

ROOT = Path(__file__).parents[1]
PAGES = {path.name: path.read_text() for path in (ROOT / "README.md", *ROOT.glob("docs/*.md"))}
ALL = "\n".join(PAGES.values())
COMMANDS = {
    name: command
    for name, command in typer.main.get_command(app).commands.items()  # type: ignore[attr-defined]
    if not command.hidden
}
OPTIONS = [
    (name, [*parameter.opts, *parameter.secondary_opts])
    for name, command in COMMANDS.items()
    for parameter in command.params
    if parameter.opts[0].startswith("-") and "--help" not in parameter.opts
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_shown_and_helps_with_an_example(command: str) -> None:
    assert f"towersearch {command}" in ALL
    assert f"Example: towersearch {command}" in str(COMMANDS[command].help)


@pytest.mark.parametrize(("command", "spellings"), OPTIONS)
def test_every_option_is_documented(command: str, spellings: list[str]) -> None:
    assert any(re.search(rf"(?<![\w-]){option}\b", ALL) for option in spellings), command


@pytest.mark.parametrize(
    "name", [*TUNERS, *PRUNERS, *PRESETS, *DIRECTIONS, *(s.partition("/")[2] or s for s in SOURCES)]
)
def test_every_choice_is_named_in_a_page(name: str) -> None:
    assert re.search(rf"[`\"/]{re.escape(name)}[`\"]", ALL)


@pytest.mark.parametrize("table", [StudyTable, DataTable])
def test_every_key_of_a_spec_is_documented(table: Any) -> None:
    hidden = {"confirms"}  # which the command confirm alone may say
    known = set(re.findall(r"`(\w+)`", PAGES["spec.md"]))
    assert set(table.model_fields) - known <= hidden


@pytest.mark.parametrize("name", MODEL)
def test_every_parameter_of_the_model_is_documented_as_it_is(name: str) -> None:
    cells = rf"^\| `{name}` \|[^|]+\|([^|]+)\|([^|]+)\|([^|]*)\|$"
    (row,) = re.findall(cells, PAGES["spec.md"], re.MULTILINE)
    wanted = (_values(MODEL[name]), f"`{json.dumps(DEFAULTS[name])}`", _conditions(MODEL[name]))
    assert tuple(cell.strip() for cell in row) == wanted


def _values(parameter: Parameter) -> str:
    if isinstance(parameter, Choice):
        return ", ".join(f"`{json.dumps(value)}`" for value in parameter.grid())
    if isinstance(parameter, Integer | Real):
        return f"{parameter.low:,} to {parameter.high:,}"
    return '`"all"`, or features joined by `+`'


def _conditions(parameter: Parameter) -> str:
    return ", ".join(f"`{parent}` is {rule}" for parent, rule in parameter.conditions)


@pytest.mark.parametrize("page", ["report.md", "reliability.md"])
def test_the_python_of_a_page_runs_on_a_study(
    page: str, towersearch: Towersearch, small: Callable[..., Any], tmp_path: Path
) -> None:
    from search.run import encoded_data
    from search.training.trainer import Trainer
    from spaces import TowerConfig

    spec = small(name="small", trials=2, objective="top_5_accuracy")
    (tmp_path / "small.toml").write_text(spec.to_toml())
    assert towersearch("run", "small.toml")[0] == 0
    study = Study(Place("sqlite:///towersearch.db"), "small")
    record = study.record()
    trial = record.best
    assert trial is not None
    data = encoded_data(study.spec, study.folder, None, study.fingerprint)
    given: dict[str, Any] = {
        "study": study,
        "record": record,
        "trial": trial,
        "number": trial.number,
        "data": data,
    }
    given |= {"Trainer": Trainer, "TowerConfig": TowerConfig}
    (code,) = re.findall(r"```python\n(.*?)```", PAGES[page], re.DOTALL)
    exec(code, given)
    if page == "reliability.md":
        ranks = given["trainer"].evaluate("validation").ranks
        assert top_k_accuracy(ranks, 5) == pytest.approx(trial.value, abs=1e-6)
