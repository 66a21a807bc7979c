from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from search.resolve import resolve, spec_from_table
from search.tuners import TUNERS, check_installed, check_number_of_objectives, names, propose
from spaces import InputError

SPACE = {"depth": {"integer": [1, 2]}}


@pytest.fixture
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "find_spec", lambda _: None)


@pytest.mark.usefixtures("no_torch")
def test_a_tuner_without_its_package_is_refused_with_those_that_can_be_chosen() -> None:
    message = (
        r"tuner: optuna\.gp needs the extra 'gp', which is not installed; "
        r"pip install 'towersearch\[gp\]', or choose one of optuna\.tpe, optuna\.cmaes, .*\.grid\."
    )
    table: dict[str, Any] = {"study": {"tuner": "optuna.gp"}, "space": SPACE}
    with pytest.raises(InputError, match=message):
        resolve(table)
    stored = spec_from_table(table | {"first": [{"depth": 1}]})
    with pytest.raises(InputError, match=message):
        propose(stored, 0, [])


@pytest.mark.usefixtures("no_torch")
def test_a_refusal_of_several_objectives_offers_what_is_installed() -> None:
    with pytest.raises(InputError, match=r"one of optuna\.tpe, optuna\.nsga2, optuna\.qmc, "):
        check_number_of_objectives("optuna.cmaes", 2)


@pytest.mark.usefixtures("no_torch")
def test_the_other_tuners_need_no_extra() -> None:
    for tuner in TUNERS:
        if tuner != "optuna.gp":
            check_installed(tuner)


@pytest.mark.parametrize(("torch", "tuner"), [(None, "optuna.tpe"), (object(), "optuna.gp")])
def test_the_default_is_the_best_tuner_that_is_installed(
    monkeypatch: pytest.MonkeyPatch, torch: object, tuner: str
) -> None:
    monkeypatch.setattr(names, "find_spec", lambda _: torch)
    spec = resolve({"space": {"preset": "towers"}})
    assert spec.study.tuner == tuner
    chosen = resolve({"space": {"preset": "towers"}, "study": {"tuner": "optuna.cmaes"}})
    assert chosen.study.tuner == "optuna.cmaes"


def test_a_study_keeps_the_default_that_it_began_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "find_spec", lambda _: None)
    stored = resolve({"space": {"preset": "towers"}}).to_table()
    monkeypatch.setattr(names, "find_spec", lambda _: object())
    assert spec_from_table(stored).study.tuner == "optuna.tpe"


def test_a_spec_is_checked_without_loading_any_toolkit() -> None:
    code = (
        "import sys; from search.resolve import resolve; resolve({'space': {'preset': 'towers'}}); "
        "print({'optuna', 'keras_tuner', 'tensorflow'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
