"""A browser, and reports opened in it, which must stay silent and fetch nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from reports import write
from search.records import StudyRecord
from tests.reports.studies import study

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def complaints() -> list[str]:
    """Console errors, page errors, and requests other than a report's own file."""
    return []


@pytest.fixture(scope="session")
def context(browser: Browser, complaints: list[str]) -> Iterator[BrowserContext]:
    """An offline browser context that listens to all of its pages."""
    offline = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    offline.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    offline.on("weberror", lambda error: complaints.append(str(error.error)))
    offline.on("request", lambda r: complaints.append(r.url) if _is_foreign(r.url) else None)
    yield offline
    offline.close()


@pytest.fixture
def quiet(complaints: list[str]) -> Iterator[None]:
    """The test fails where a page complained or asked for anything."""
    complaints.clear()
    yield
    assert complaints == []


@pytest.fixture
def open_report(context: BrowserContext, tmp_path: Path, quiet: None) -> Iterator[Opener]:
    """Opens a study's report, at an address's fragment where one is given."""
    pages: list[Page] = []

    def opened(study: StudyRecord, fragment: str = "") -> Page:
        path = tmp_path / "report.html"
        write(study, path)
        pages.append(_opened(context, f"{path.as_uri()}{fragment}"))
        return pages[-1]

    yield opened
    for page in pages:
        page.close()


@pytest.fixture
def open_live(context: BrowserContext, tmp_path: Path, quiet: None) -> Iterator[Opener]:
    """Opens a study's report under a clock that a test can turn on."""
    page = context.new_page()
    page.clock.install()

    def opened(study: StudyRecord) -> Page:
        write(study, tmp_path / "report.html", live=True)
        page.goto((tmp_path / "report.html").as_uri())
        page.wait_for_selector('html[data-charts="1"]', state="attached")
        return page

    yield opened
    page.close()


@pytest.fixture(scope="session")
def kept_page(context: BrowserContext, tmp_path_factory: pytest.TempPathFactory) -> Page:
    """One report of the usual study for all tests that only narrow it."""
    path = tmp_path_factory.mktemp("usual") / "report.html"
    write(study(50), path)
    return _opened(context, path.as_uri())


@pytest.fixture
def page(kept_page: Page, quiet: None) -> Page:
    """The usual study's report, light and showing all trials."""
    kept_page.set_viewport_size({"width": 1280, "height": 900})
    kept_page.emulate_media(media="screen", color_scheme="light")
    kept_page.evaluate("delete document.documentElement.dataset.theme")
    kept_page.evaluate("document.getElementById('clear').click()")
    return kept_page


def _opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector('html[data-charts="1"]', state="attached")
    return page


def _is_foreign(url: str) -> bool:
    is_report = url.startswith("file:") and url.partition("#")[0].endswith("report.html")
    return not (is_report or url.startswith("blob:"))
