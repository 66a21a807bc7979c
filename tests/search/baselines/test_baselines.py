"""All baselines on one split and protocol, their options chosen on the training part alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import search.baselines
from search.baselines import baselines
from search.baselines.fold import Fold
from search.baselines.tuning import Method, tuned
from search.training.measures import measure
from tests.search.baselines.folds import fold_of
from tests.search.examples import DATA

DATED = replace(DATA, times=np.arange(len(DATA.users)))
ALL = ["popularity", "random", "recent_popularity", "item_knn", "ease", "implicit_als"]


def test_there_are_six_the_most_popular_list_first() -> None:
    found = baselines(DATED, "validation", False, "mrr")
    assert list(found) == ALL
    values = {name: measure(line.ranks, 30)["top_10_accuracy"] for name, line in found.items()}
    assert min(values["item_knn"], values["ease"], values["implicit_als"]) > values["popularity"]
    assert values["random"] < values["popularity"]


def test_without_times_there_is_no_popularity_of_late() -> None:
    assert "recent_popularity" not in baselines(DATA, "validation", False, "mrr")


def test_what_would_need_too_much_memory_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search.baselines, "_MOST_CELLS", 1_000)
    assert list(baselines(DATED, "validation", True, "mrr")) == ALL[:3]


def test_who_is_new_gets_the_most_popular() -> None:
    fold = fold_of([(0, 2), (1, 2), (0, 1)], [(2, 1)])
    assert fold.ranks(np.zeros((3, 4), np.float32)).tolist() == [1]


def test_options_are_chosen_without_a_look_at_what_is_measured() -> None:
    looked: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []

    def learn(fold: Fold) -> object:
        looked.append(fold.train)
        scores = np.zeros((int(fold.data.users.max()) + 1, 30), np.float32)

        def of(good: bool) -> object:
            own = scores.copy()
            if good:
                own[DATA.users, DATA.positives] = 1.0
            return own

        return of

    method = Method(learn, [{"good": False}, {"good": True}])  # type: ignore[arg-type]
    fold = Fold(DATA, DATA.parts["train"], DATA.parts["validation"], exclude_seen=False)
    assert tuned(method, fold, "mrr").max() == 1.0
    inner, whole = looked
    assert len(inner) == 432
    assert set(inner) < set(whole)
    assert set(whole) == set(DATA.parts["train"])
