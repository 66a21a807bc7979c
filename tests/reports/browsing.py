"""What tests of a report in a browser do: find, draw, filter, and read what is drawn."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from search.records import StudyRecord

__all__ = ["TRACES", "all_drawn", "at", "drawn", "filtered", "numbers", "points", "with_value"]

# a chart's traces without what plotly writes into them
TRACES = "e => e.data.map(({visible, autocontour, contours, ...trace}) => trace)"


def at(page: Page, hook: str) -> Any:
    return page.locator(f'[data-test="{hook}"]')


def drawn(page: Page, name: str) -> Any:
    """The chart scrolled into view and drawn."""
    middle = "e => e.scrollIntoView({block: 'center', behavior: 'instant'})"
    page.locator(f'[data-chart="{name}"]').evaluate(middle)
    return page.wait_for_selector(f'[data-chart="{name}"][data-ready="1"]')


def all_drawn(page: Page) -> None:
    """Every chart drawn, as on a screen that is high enough."""
    width = page.viewport_size["width"] if page.viewport_size else 1280
    page.set_viewport_size({"width": width, "height": 9_000})
    page.wait_for_selector("[data-chart]:not([data-ready='1'])", state="detached")


def points(page: Page, name: str) -> list[int]:
    """The trial numbers of a chart's markers."""
    script = "e => e.data.filter(t => t.mode === 'markers').flatMap(t => t.customdata)"
    return sorted(drawn(page, name).evaluate(script))


def numbers(page: Page) -> list[int]:
    """The trial numbers of the table's rows, in their order."""
    script = "rows => rows.map(r => +r.dataset.trial)"
    return [*page.eval_on_selector_all("#table tbody tr", script)]


def filtered(page: Page, key: str, typed: str) -> None:
    at(page, f"filter-{key}").fill(typed)


def with_value(record: StudyRecord) -> list[int]:
    return [trial.number for trial in record.trials if trial.value is not None]
