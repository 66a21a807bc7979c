from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

import reports
from reports import summarize
from reports.importance import importance
from tests.reports.browsing import at, drawn, filtered
from tests.reports.studies import study
from tests.reports.test_importance import completed

pytestmark = pytest.mark.browser

TEMPLATES = Path(reports.__file__).parent / "templates"
LEGEND = "e => e.data[0].name"


@pytest.fixture(scope="module")
def grown(context: BrowserContext) -> Callable[..., Any]:
    """The page's own importance of a table's rows."""
    sources = "".join((TEMPLATES / name).read_text() for name in ("bind.js", "forest.js"))
    page = context.new_page()
    return lambda table, rows: page.evaluate(
        f"([table, rows]) => {{ {sources}; return importance(table, rows); }}", [table, [*rows]]
    )


@pytest.mark.parametrize(
    ("n", "params", "value"),
    [
        (
            200,
            lambda r: {"rate": r.random(), "width": r.choice([32, 64])},
            lambda p: p["rate"] ** 2,
        ),
        (200, lambda r: {"coin": r.randrange(2), "noise": r.random()}, lambda p: p["coin"]),
        (
            120,
            lambda r: {"optimizer": r.choice("abc"), "width": r.randrange(9)},
            lambda p: "bca".index(p["optimizer"]) + p["width"] / 9,
        ),
        (
            400,
            lambda r: (
                {"width": 32 * r.randrange(4)} | ({"momentum": 0.5} if r.random() < 0.5 else {})
            ),
            lambda p: float("momentum" in p) + p["width"] / 99,
        ),
    ],
)
def test_the_pages_forest_finds_what_sklearns_finds(
    grown: Callable[..., Any], n: int, params: Any, value: Any
) -> None:
    table = completed(n, params, value)
    found, wanted = grown(table, range(n)), importance(table, range(n))
    assert wanted is not None
    assert (found["n"], found["completed"]) == (wanted["n"], wanted["completed"])
    assert found["explained"] == pytest.approx(wanted["explained"], abs=0.02)
    for mine, its in zip(found["influences"], wanted["influences"], strict=True):
        assert mine["column"] == its["column"]
        assert mine["mean"] == pytest.approx(its["mean"], abs=0.1)
        for end in ("low", "high"):  # of twenty refits, so that chance moves them
            assert mine[end] == pytest.approx(its[end], rel=0.3, abs=0.1)


def test_the_pages_forest_says_nothing_where_there_is_nothing_to_say(
    grown: Callable[..., Any],
) -> None:
    table = completed(20, lambda r: {"rate": r.random()}, lambda p: p["rate"])
    assert grown(table, range(15)) is not None
    assert grown(table, range(14)) is None
    assert grown(completed(20, lambda r: {"rate": r.random()}, lambda _: 0.5), range(20)) is None
    assert (
        grown(completed(20, lambda _: {"rate": 0.5}, lambda _: Random(1).random()), range(20))
        is None
    )


def test_what_mattered_is_told_anew_of_the_trials_chosen(page: Page) -> None:
    columns = summarize(study(50))["columns"]
    deep = [
        state == "complete" and depth >= 2
        for state, depth in zip(columns["state"]["values"], columns["depth"]["values"], strict=True)
    ]
    whole = drawn(page, "importance").evaluate(LEGEND)
    filtered(page, "depth", ">=2")
    told = drawn(page, "importance").evaluate(LEGEND)
    assert told.startswith(f"{sum(deep)} completed trials: ")
    assert told != whole
    filtered(page, "depth", "4")
    assert "too few" in drawn(page, "importance").evaluate(LEGEND)
    at(page, "clear").click()
    assert drawn(page, "importance").evaluate(LEGEND) == whole
