from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reports import compare, write
from tests.reports.browsing import (
    all_drawn,
    at,
    drawn,
    numbers,
)
from tests.reports.studies import AWKWARD, HOSTILE, awkward, study

pytestmark = pytest.mark.browser


def test_without_a_way_to_unpack_the_sentences_and_numbers_still_read(
    context: Any, tmp_path: Path
) -> None:
    write(study(5), tmp_path / "report.html")
    page = context.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto((tmp_path / "report.html").as_uri())
    expect(page.locator("#fallback")).to_be_visible()
    expect(at(page, "answer")).to_contain_text("The best of")
    page.get_by_text("Numbers").first.click()
    expect(page.locator(".numbers").first).to_contain_text("quartiles")
    page.close()


def test_charts_and_table_are_reached_by_keyboard(page: Page) -> None:
    page.locator('[data-test="search"]').focus()
    page.keyboard.type("sgd")
    narrowed = numbers(page)
    assert narrowed != []
    for _ in range(6):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement !== document.body")
    at(page, f"open-{narrowed[0]}").focus()
    page.keyboard.press("Enter")
    expect(at(page, "detail")).to_be_visible()
    page.keyboard.press("Escape")


def test_the_theme_follows_the_system_and_then_the_button(page: Page) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    ink = "document.querySelector('[data-ready]')._fullLayout.font.color"
    drawn(page, "depth-vs-accuracy")
    light, light_ink = page.evaluate(background), page.evaluate(ink)
    at(page, "theme").click()
    drawn(page, "depth-vs-accuracy")
    assert page.evaluate(background) != light
    assert page.evaluate(ink) != light_ink
    at(page, "theme").click()
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) == light


def test_paper_is_light_and_has_every_chart(page: Page) -> None:
    at(page, "theme").click()
    page.emulate_media(media="print")
    page.wait_for_function(
        "[...document.querySelectorAll('[data-chart]')].every(e => e.dataset.ready === '1')"
    )
    inks = page.eval_on_selector_all("[data-chart]", "es => es.map(e => e._fullLayout.font.color)")
    assert {*inks} == {"#1d2330"}
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).display") == "none"
    expect(at(page, "cautions")).to_be_visible()
    page.set_viewport_size({"width": 720, "height": 900})
    page.wait_for_function("document.documentElement.scrollWidth <= 720")


@pytest.mark.parametrize("name", [name for name in AWKWARD if name != "hostile"])
def test_an_awkward_study_opens_in_silence(open_report: Any, name: str) -> None:
    page = open_report(awkward(name))
    all_drawn(page)
    assert len(numbers(page)) == len(awkward(name).trials)


def test_hostile_text_stays_text(open_report: Any) -> None:
    page = open_report(awkward("hostile"), "#trial-0")
    all_drawn(page)
    assert page.evaluate("window.hacked") is None
    assert page.query_selector("img") is None
    assert page.evaluate("document.title").startswith("</script><script>")
    page.keyboard.press("Escape")
    at(page, "open-1").click()
    again = tomllib.loads(at(page, "detail-again").text_content())
    assert again["study"]["name"] == f"{HOSTILE[:180]}-trial-1"
    assert again["space"][HOSTILE] == HOSTILE
    bold = "nodes => nodes.filter(n => /bold/.test(n.textContent)).length"
    assert page.eval_on_selector_all("b, [style*='font-weight: bold']", bold) == 0


def test_a_comparison_draws_its_charts_and_tells_what_differs(
    context: Any, tmp_path: Path, quiet: None
) -> None:
    other = study(30, name="other", seed=3, spec={"study": {"tuner": "optuna.random"}})
    compare([study(30), other], tmp_path / "report.html")
    page = context.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    names = "e => e.data.map((t) => t.name ?? t.y[0])"
    assert drawn(page, "best-so-far").evaluate(names) == ["movielens-towers", "other"]
    assert drawn(page, "final-values").evaluate(names) == ["movielens-towers", "other"]
    expect(at(page, "settings").first).to_contain_text("optuna.random")
    page.close()


@pytest.mark.parametrize("width", [400, 2000])
def test_nothing_sticks_out_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    all_drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
