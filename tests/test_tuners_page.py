"""The scripts in docs/tuners.md run, on the small data and a small space, for one trial each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from search.data.schema import Dataset
from tests.search.test_hypermodel import SPACE

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # KerasTuner's threads

PAGE = (Path(__file__).parent.parent / "docs" / "tuners.md").read_text()


def test_the_scripts_run(
    films: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("search.data.sources.load", lambda source: films)
    script = "\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
    script = script.replace('preset("towers").space, data', 'SPACE, data, "mrr"')
    ran: dict[str, Any] = {"SPACE": SPACE}
    exec(re.sub(r"_trials=\d+", "_trials=1", script), ran)
    assert ran["tuner"].oracle.get_best_trials()[0].score > 0
    assert ran["study"].best_value > 0
    assert ran["model"].trainable_variables
