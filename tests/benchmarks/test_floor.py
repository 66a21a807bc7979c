"""The floor multiplies what an epoch has to multiply."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks.floor import matmuls
from benchmarks.growth import synthetic
from tests.search.examples import DATA, config


@pytest.mark.parametrize("negatives", ["in_batch", "full_softmax"])
def test_the_floor_runs_all_products_of_an_epoch(negatives: str) -> None:
    total: Any = matmuls(DATA, config(depth=2, width=8, negatives=negatives))()
    assert np.isfinite(total)
    assert total != 0.0


def test_made_up_data_are_what_training_reads() -> None:
    data = synthetic(interactions=3000, candidates=50)
    assert data.counts.sum() == len(data.positives) == 3000
    assert data.counts[:10].sum() > data.counts[-10:].sum()
    assert data.queries["user"].max() < data.columns[0].rows
    assert len(data.parts["train"]) == 3000
