"""Popularity, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from search.baselines import baselines, popularity
from search.data.encoded import EncodedData
from search.training.evaluation import Seen
from tests.search.examples import DATA


@pytest.fixture
def data() -> EncodedData:
    """Twelve candidates, two of them equally popular, and validation rows of ranks 0, 2, 3."""
    return replace(
        DATA,
        positives=np.array([4, 2, 7, 4, 4, 2], np.int32),
        users=np.array([0, 1, 2, 0, 1, 2], np.int32),
        parts={"train": np.array([3, 4, 5]), "validation": np.array([0, 1, 2])},
        candidate_ids=np.array([f"f{n:02}" for n in range(12)]),
        counts=np.array([0, 9, 5, 0, 20, 0, 0, 5, 0, 0, 1, 1]),
    )


@pytest.fixture
def seen(data: EncodedData) -> Seen:
    train, validation = data.parts["train"], data.parts["validation"]
    return Seen.of(data.users[validation], data.users[train], data.positives[train])


def test_popularity_ranks_everyone_s_candidates_by_their_training_count(data: EncodedData) -> None:
    found = popularity(data)
    assert found["top_1_accuracy"] == pytest.approx(1 / 3)
    assert found["top_5_accuracy"] == 1.0
    assert found["mrr"] == pytest.approx((1 + 1 / 3 + 1 / 4) / 3)
    assert found["ndcg_10"] == pytest.approx((1 + 1 / 2 + 1 / np.log2(5)) / 3)
    assert found["coverage"] == pytest.approx(10 / 12)


def test_popularity_without_the_seen_moves_what_is_left_up(data: EncodedData, seen: Seen) -> None:
    found = popularity(data, seen)  # user 1 has seen candidate 4, user 2 candidate 2
    assert found["mrr"] == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)


def test_baselines_are_named(data: EncodedData, seen: Seen) -> None:
    assert baselines(data, seen) == {"popularity": popularity(data, seen)}


def test_candidates_that_are_all_equally_popular_stand_in_the_order_of_the_catalogue(
    data: EncodedData,
) -> None:
    alike = replace(data, counts=np.ones(12, np.int64))
    assert popularity(alike)["mrr"] == pytest.approx((1 / 5 + 1 / 3 + 1 / 8) / 3)
