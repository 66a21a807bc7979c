from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from search.records import TrialRecord
from search.resolve import resolve
from tests.reports.browsing import (
    at,
    drawn,
    filtered,
    numbers,
)
from tests.reports.studies import awkward, study

pytestmark = pytest.mark.browser


def read(cell: str) -> float | str | None:
    """A number as the page writes it, a dash as None, other text as it is."""
    plain = cell.replace(",", "").replace("−", "-")
    if cell == "–":
        return None
    return float(plain) if re.fullmatch(r"-?[\d.]+(e[-+]\d+)?", plain) else cell


def told(value: Any) -> float | str | None:
    """A value of `towersearch trials --json` as the page's cell should be read."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value if value is None else str(value)
    return float(f"{value:.5g}") if isinstance(value, float) else float(value)


def test_every_number_of_the_table_is_that_of_the_json_in_five_digits(open_report: Any) -> None:
    page = open_report(study(50))
    trials = json.loads(json.dumps([t.as_dict() for t in study(50).trials]))
    page.get_by_text("Columns", exact=True).click()
    for box in page.locator("#columns input").all():
        box.check()
    keys = page.eval_on_selector_all(
        "#table thead [data-test^=sort-]", "all => all.map(e => e.dataset.test.slice(5))"
    )
    cells = page.eval_on_selector_all(
        "#table tbody tr", "rows => rows.map(r => [...r.cells].slice(1).map(c => c.textContent))"
    )
    own = {"number", "state", "value", "best_epoch", "seed", "error", "started", "finished"}
    compared = 0
    for row in cells:
        found = dict(zip(keys, map(read, row), strict=True))
        trial = trials[int(found["number"])]
        for key in found:
            group, _, name = key.partition(".")
            if name or key in own:
                value = trial[group].get(name) if name else trial[key]
                assert found[key] == told(value), (trial["number"], key)
                compared += 1
    assert compared == 50 * 29


def test_every_number_of_a_trials_detail_is_that_of_the_json(page: Page) -> None:
    trial = study(50).trials[1].as_dict()
    at(page, "open-1").click()
    rows = page.eval_on_selector_all(
        "#detail-facts dl > div", "all => all.map(e => [...e.children].map(c => c.textContent))"
    )
    found = {name: read(value) for name, value in rows}
    wanted = {**trial["params"], **trial["metrics"], **trial["cost"]}
    for name, value in wanted.items():
        assert found[name.replace("top_", "top‑").replace("_", " ")] == told(value), name
    page.keyboard.press("Escape")


def test_every_point_is_that_of_the_json_in_five_digits(page: Page) -> None:
    record = study(50)
    script = """e => e.data.filter(t => t.mode === 'markers')
        .flatMap(t => t.customdata.map((n, i) => [n, t.x[i], t.y[i]]))"""
    charts: list[tuple[str, Callable[[TrialRecord], Any]]] = [
        ("learning-rate-by-optimizer", lambda t: t.params["learning_rate"]),
        ("accuracy-vs-parameters", lambda t: t.cost["parameters"]),
        ("accuracy-vs-train-seconds", lambda t: t.cost["train_seconds"]),
    ]
    for chart, x in charts:
        for number, across, up in drawn(page, chart).evaluate(script):
            trial = record.trials[number]
            assert [across, up] == [told(x(trial)), told(trial.value)]


def test_a_trial_is_given_as_a_study_that_retrains_it(page: Page) -> None:
    record = study(50)
    trial = next(t for t in record.trials if "momentum" in t.params)
    at(page, "search").fill("sgd")
    at(page, f"open-{trial.number}").click()
    text = at(page, "detail-again").text_content()
    with page.expect_download() as download:
        at(page, "detail-save").click()
    assert download.value.suggested_filename == f"trial-{trial.number}.toml"
    assert download.value.path().read_text() == text
    spec = resolve(tomllib.loads(text))
    config = spec.space.build(lambda name, fixed: fixed.grid()[0])
    assert {name: told(value) for name, value in config.items()} == {
        name: told(value) for name, value in trial.config.items()
    }
    assert spec.study.trials == 1
    page.keyboard.press("Escape")


def saved(page: Page, hook: str) -> str:
    with page.expect_download() as download:
        at(page, hook).click()
    return download.value.path().read_bytes().decode()


def test_the_csv_holds_every_trial_in_five_digits(page: Page) -> None:
    record = study(50)
    rows = list(csv.DictReader(io.StringIO(saved(page, "csv"))))
    assert [int(row["number"]) for row in rows] == [trial.number for trial in record.trials]
    for row, trial in zip(rows, record.trials, strict=True):
        rate = trial.params["learning_rate"]
        assert float(row["params.learning_rate"]) == pytest.approx(rate, rel=5e-5)
        assert row["params.width"] == str(trial.params.get("width", ""))
        assert row["value"] == ("" if trial.value is None else f"{float(f'{trial.value:.5g}')}")


def test_the_json_holds_what_is_shown(page: Page) -> None:
    record = study(50)
    filtered(page, "depth", "4")
    loaded = json.loads(saved(page, "json"))
    deep = [trial for trial in record.trials if trial.params["depth"] == 4]
    assert [row["number"] for row in loaded["trials"]] == [trial.number for trial in deep]
    assert loaded["objectives"] == ["top_100_accuracy"]
    seconds = [trial.cost["train_seconds"] for trial in deep]
    assert [t["cost.train_seconds"] for t in loaded["trials"]] == pytest.approx(seconds, rel=5e-5)


def test_the_best_configuration_is_toml(page: Page) -> None:
    record = study(50)
    best = max(record.trials, key=lambda trial: trial.value or 0)
    assert tomllib.loads(saved(page, "toml"))["space"] == best.config


def test_a_trial_opens_with_its_configuration_and_curve(page: Page) -> None:
    record = study(50)
    first = numbers(page)[0]
    at(page, f"open-{first}").click()
    detail = at(page, "detail")
    expect(detail).to_contain_text(f"Trial {first} · complete")
    expect(detail).to_contain_text("output dim")
    page.wait_for_selector('#detail-curve[data-ready="1"]')
    epochs_drawn = page.eval_on_selector(
        "#detail-curve", "e => e.data[0].x.filter(x => x !== null)"
    )
    assert epochs_drawn == [point["epoch"] for point in record.trials[first].curve]
    page.keyboard.press("Escape")
    expect(detail).to_be_hidden()


def test_an_address_opens_a_failed_trial_with_its_error(open_report: Any) -> None:
    record = awkward("all failed")
    page = open_report(record, "#trial-3")
    expect(at(page, "detail")).to_contain_text("Trial 3 · failed")
    expect(at(page, "detail")).to_contain_text("out of memory")
