from __future__ import annotations

from pathlib import Path

import pytest

from search.baselines.tuning import METHODS
from search.training.measures import OBJECTIVES

PAGE = (Path(__file__).parent.parent / "docs" / "evaluation.md").read_text()


@pytest.mark.parametrize("name", [*OBJECTIVES, *METHODS])
def test_every_measure_and_baseline_is_explained(name: str) -> None:
    assert f"`{name}`" in PAGE
