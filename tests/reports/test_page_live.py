from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from reports import write
from tests.reports.browsing import (
    at,
    filtered,
    numbers,
)
from tests.reports.studies import study

pytestmark = pytest.mark.browser


def test_a_running_studys_page_reads_itself_again_and_keeps_its_place(
    open_live: Any, tmp_path: Path
) -> None:
    page = open_live(study(10, budget=12))
    at(page, "theme").click()
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.evaluate("scrollTo({top: 700, behavior: 'instant'})")
    write(study(12), tmp_path / "report.html", live=False)
    page.clock.fast_forward(15_000)
    page.wait_for_selector("html:not([data-live])[data-charts]", state="attached")
    assert len(numbers(page)) == 12
    assert page.evaluate("scrollY") == 700
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == background


def test_a_page_that_nobody_rewrites_is_read_again_ever_more_seldom_and_says_so(
    open_live: Any,
) -> None:
    page = open_live(study(10, budget=12))
    expect(at(page, "live")).to_contain_text("The study is running")
    page.clock.fast_forward(31 * 60_000)
    page.wait_for_function("!document.getElementById('live').textContent.includes('running')")
    expect(at(page, "live")).to_contain_text("Nothing has rewritten this page for 31 minutes")
    expect(at(page, "live")).to_contain_text(
        "towersearch status movielens-towers tells how far it is"
    )
    page.evaluate("window.kept = true")
    page.clock.fast_forward(3 * 60_000)
    assert page.evaluate("window.kept")
    page.clock.fast_forward(60_000)
    page.wait_for_function("!window.kept")


def test_a_page_that_was_left_is_renewed_by_the_next_writing(
    open_live: Any, tmp_path: Path
) -> None:
    page = open_live(study(10, budget=12))
    page.clock.fast_forward(31 * 60_000)
    page.wait_for_function("!document.getElementById('live').textContent.includes('running')")
    write(study(12), tmp_path / "report.html")
    page.clock.fast_forward(5 * 60_000)
    page.wait_for_selector("html:not([data-live])[data-charts]", state="attached")
    assert len(numbers(page)) == 12


def test_a_page_is_not_read_again_while_something_is_unfolded(open_live: Any) -> None:
    page = open_live(study(10, budget=12))
    page.evaluate("window.kept = true")
    page.get_by_text("Numbers", exact=True).first.click()
    page.clock.fast_forward(60_000)
    assert page.evaluate("window.kept")


def test_a_page_is_not_read_again_while_it_is_narrowed(open_live: Any) -> None:
    page = open_live(study(10, budget=12))
    page.evaluate("window.kept = true")
    filtered(page, "depth", "2")
    page.clock.fast_forward(60_000)
    assert page.evaluate("window.kept")


def test_a_page_written_once_is_never_read_again(open_report: Any) -> None:
    page = open_report(study(10, budget=12))
    expect(at(page, "live")).to_have_count(0)
    assert page.get_attribute("html", "data-live") is None
