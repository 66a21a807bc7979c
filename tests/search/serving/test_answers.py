"""What an exported model is asked in a wrong way is one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from search.serving.answers import Served
from search.serving.export import Wanted, export
from search.spec import StudySpec
from search.storage import Place
from spaces import InputError
from tests.conftest import Towersearch
from tests.search.serving.test_export import searched


@pytest.fixture
def served(small: Callable[..., StudySpec], place: Place, tmp_path: Path) -> Served:
    export(searched(small(trials=1), place), tmp_path / "out", Wanted(k=5))
    return Served(tmp_path / "out")


def test_wrong_questions_are_refused_in_a_sentence(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "asked.csv"
    file.write_text("customer\nu1\n")
    wrong: dict[Callable[[], object], str] = {
        lambda: served.parse(["users=u1"]): (
            "query: must be words INPUT=VALUE of the inputs user, time, got 'users=u1'."
        ),
        lambda: served.parse(["u1"]): (
            "query: must be words INPUT=VALUE of the inputs user, time, got 'u1'."
        ),
        lambda: served.parse(["user=u1", "user=u2"]): (
            "query: must name each input once, got user twice; ask for several queries with "
            "--batch."
        ),
        lambda: served.read(str(file)): (
            f"{file}: must have columns of the inputs user, time, got customer; rename them."
        ),
        lambda: served.answer(served.parse([]), 6): (
            "k: must be from 1 to the 5 that the model was exported with, got 6; export again with "
            "-k."
        ),
    }
    for ask, sentence in wrong.items():
        with pytest.raises(InputError) as refused:
            ask()
        assert str(refused.value) == sentence


def test_a_file_may_lack_an_input_which_is_missing_then(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "asked.csv"
    file.write_text("user\nu1\nu2\n")
    asked = served.read(str(file))
    assert served.lacking(str(file)) == ["time"]
    assert asked["user"].tolist() == ["u1", "u2"]
    assert np.isnan(asked["time"].astype(float)).all()


def test_words_and_a_file_together_are_refused(towersearch: Towersearch) -> None:
    told = towersearch("recommend", "model", "user=u1", "--batch", "asked.csv")
    assert told == (
        2,
        "",
        "query: must be given as words or as --batch, got both; leave one out.\n",
    )
