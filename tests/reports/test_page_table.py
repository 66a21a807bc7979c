from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.reports.browsing import (
    at,
    drawn,
    filtered,
    numbers,
    points,
)
from tests.reports.studies import study

pytestmark = pytest.mark.browser


def test_the_table_starts_with_the_best_trial_and_ends_with_failed_ones(open_report: Any) -> None:
    record = study(40)
    page = open_report(record)
    best = max(record.trials, key=lambda trial: trial.value or 0)
    failed = [trial.number for trial in record.trials if trial.state == "failed"]
    assert numbers(page)[0] == best.number
    assert numbers(page)[-len(failed) :] == failed


def test_sorting_is_numeric_and_never_puts_failed_trials_on_top(page: Page) -> None:
    record = study(50)
    at(page, "sort-params.learning_rate").click()
    usable = [trial for trial in record.trials if trial.state != "failed"]
    rates = sorted(usable, key=lambda trial: -trial.params["learning_rate"])
    assert numbers(page)[: len(rates)] == [trial.number for trial in rates]
    at(page, "sort-params.learning_rate").click()
    assert numbers(page)[: len(rates)] == [trial.number for trial in reversed(rates)]


@pytest.mark.parametrize(
    ("typed", "keeps"),
    [
        ("2", lambda depth: depth == 2),
        ("2..3", lambda depth: 2 <= depth <= 3),
        (">=3", lambda depth: depth >= 3),
        ("<2", lambda depth: depth < 2),
    ],
)
def test_a_filter_narrows_the_table_and_the_charts(page: Page, typed: str, keeps: Any) -> None:
    record = study(50)
    filtered(page, "depth", typed)
    kept = [trial for trial in record.trials if keeps(trial.params["depth"])]
    assert sorted(numbers(page)) == [trial.number for trial in kept]
    valued = [trial.number for trial in kept if trial.value is not None]
    assert points(page, "depth-vs-accuracy") == valued
    assert points(page, "best-so-far") == valued
    expect(at(page, "showing")).to_have_text(f"Showing {len(kept)} of 50 trials")
    expect(page.locator(".whole").first).to_be_visible()
    at(page, "clear").click()
    expect(page.locator(".whole:visible")).to_have_count(0)


def test_a_chart_that_has_none_of_the_trials_chosen_says_so(page: Page) -> None:
    filtered(page, "state", "failed")
    notes = drawn(page, "best-so-far").evaluate("e => e.layout.annotations.map((a) => a.text)")
    assert notes == ["None of the trials chosen is in this chart."]


def test_a_search_finds_text_in_any_column_and_can_be_cleared(page: Page) -> None:
    record = study(50)
    at(page, "search").fill("adagrad")
    found = [trial.number for trial in record.trials if trial.params["optimizer"] == "adagrad"]
    assert sorted(numbers(page)) == found
    at(page, "clear").click()
    assert len(numbers(page)) == 50
    expect(at(page, "status")).to_be_hidden()


def test_ticked_rows_narrow_the_charts_but_not_the_table(page: Page) -> None:
    first, second = numbers(page)[:2]
    at(page, f"tick-{first}").check()
    at(page, f"tick-{second}").check()
    assert points(page, "depth-vs-accuracy") == sorted([first, second])
    assert len(numbers(page)) == 50
    expect(at(page, "showing")).to_have_text("Showing 2 of 50 trials")


def test_pages_hold_fifty_trials(open_report: Any) -> None:
    page = open_report(study(120))
    assert len(numbers(page)) == 50
    at(page, "next").click()
    at(page, "next").click()
    assert len(numbers(page)) == 20
    expect(at(page, "page")).to_have_text("Page 3 of 3")
    expect(at(page, "next")).to_be_disabled()


def test_columns_are_chosen(page: Page) -> None:
    expect(at(page, "sort-metrics.mrr")).to_have_count(0)
    page.get_by_text("Columns", exact=True).click()
    at(page, "column-metrics.mrr").check()
    expect(at(page, "sort-metrics.mrr")).to_have_count(1)
