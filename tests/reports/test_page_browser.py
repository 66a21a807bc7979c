from __future__ import annotations

import csv
import io
import json
import os
import re
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reports import compare, figures, summarize, write
from reports.figures import (
    contour,
    cost,
    depth,
    epochs,
    importance,
    learning_rate,
    objectives,
    parallel,
    progress,
    pruning,
    slices,
    widths,
)
from reports.figures.bind import bind
from reports.figures.chart import chosen
from search.records import StudyRecord
from search.spec import resolve
from tests.reports.studies import AWKWARD, HOSTILE, awkward, study

pytestmark = pytest.mark.browser

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
    return page.eval_on_selector_all("#table tbody tr", "rows => rows.map(r => +r.dataset.trial)")


def filtered(page: Page, key: str, typed: str) -> None:
    at(page, f"filter-{key}").fill(typed)


def with_value(record: StudyRecord) -> list[int]:
    return [trial.number for trial in record.trials if trial.value is not None]


def test_every_trial_with_a_value_is_a_point_in_the_depth_chart(page: Page) -> None:
    record = study(50)
    assert points(page, "depth-vs-accuracy") == with_value(record)


def test_charts_are_drawn_only_when_they_come_into_view(open_report: Any) -> None:
    page = open_report(study())
    drawn(page, "depth-vs-accuracy")
    assert page.get_attribute('[data-chart="best-so-far"]', "data-ready") is None
    drawn(page, "best-so-far")


def test_the_page_draws_what_the_figures_hold(page: Page) -> None:
    summary = summarize(study(50))
    charts = [
        depth.chart(summary),
        epochs.chart(summary),
        widths.chart(summary),
        learning_rate.chart(summary),
        importance.chart(summary),
        parallel.chart(summary),
        slices.chart(summary),
        contour.chart(summary),
        cost.chart(summary, "train_seconds"),
        cost.chart(summary, "parameters"),
        progress.chart(summary),
        pruning.chart(summary),
    ]
    for chart in charts:
        wanted = json.loads(figures.figure(chart, summary).to_json())["data"]
        found = drawn(page, chart.name).evaluate(TRACES)
        assert found == wanted, chart.name


def test_the_page_narrows_as_the_figures_would(page: Page) -> None:
    summary = summarize(study(50))
    rows = [row for row, d in enumerate(summary["columns"]["depth"]["values"]) if d >= 3]
    charts = [depth.chart(summary), epochs.chart(summary), cost.chart(summary, "parameters")]
    charts += [widths.chart(summary), parallel.chart(summary)]
    filtered(page, "depth", ">=3")
    for chart in charts:
        wanted = json.loads(json.dumps([bind(trace, summary, rows) for trace in chart.traces]))
        found = drawn(page, chart.name).evaluate(TRACES)
        assert found == wanted, chart.name


def test_switches_draw_what_the_figures_hold(page: Page) -> None:
    summary = summarize(study(50))
    at(page, "depth-vs-accuracy-metric").select_option(label="mrr")
    at(page, "depth-vs-accuracy-colour").select_option(label="momentum")
    at(page, "best-so-far-over").select_option(label="time")
    at(page, "slices-parameter").select_option(label="optimizer")
    at(page, "contour-parameters").select_option(index=4)
    at(page, "width-vs-accuracy-units").select_option(label="embedding dim")
    at(page, "accuracy-vs-parameters-cost").select_option(label="peak memory in bytes")
    pair = contour.chart(summary).switches[0].options[4].name
    charts = [
        chosen(depth.chart(summary), "mrr", "momentum"),
        chosen(slices.chart(summary), "optimizer"),
        chosen(progress.chart(summary), "time"),
        chosen(contour.chart(summary), pair),
        chosen(widths.chart(summary), "embedding_dim"),
        chosen(cost.chart(summary, "parameters"), "peak memory in bytes"),
    ]
    for chart in charts:
        wanted = json.loads(figures.figure(chart, summary).to_json())["data"]
        found = drawn(page, chart.name).evaluate(TRACES)
        assert found == wanted, chart.name
    for select in page.locator("[data-switch]").all():
        select.select_option(index=0)


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


def test_a_legend_click_takes_its_group_out_everywhere(page: Page) -> None:
    record = study(50)
    drawn(page, "learning-rate-by-optimizer")
    page.locator('[data-chart="learning-rate-by-optimizer"] .legendtoggle').first.click()
    kept = [trial.number for trial in record.trials if trial.params["optimizer"] != "adagrad"]
    page.wait_for_function("document.getElementById('showing').textContent !== ''")
    assert sorted(numbers(page)) == kept
    assert set(points(page, "depth-vs-accuracy")) < set(kept)


def test_a_selection_in_a_chart_narrows_every_chart(page: Page) -> None:
    record = study(50)
    box = drawn(page, "depth-vs-accuracy").query_selector(".nsewdrag").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4 - 2, box["y"] + box["height"] - 2, steps=4)
    page.mouse.up()
    inside = [t.number for t in record.trials if t.value is not None and t.params["depth"] == 1]
    assert points(page, "best-so-far") == inside


def test_a_brush_along_a_parallel_axis_narrows_every_chart(page: Page) -> None:
    record = study(50)
    axes = parallel.chart(summarize(record)).layout["xaxis"]["ticktext"]
    box = drawn(page, "parallel-coordinates").query_selector(".nsewdrag").bounding_box()
    # axes lie between -0.15 and their number less 0.6, values between -0.22 and 1.06
    x = box["x"] + box["width"] * (axes.index("dropout") + 0.15) / (len(axes) - 0.45)
    middle = box["y"] + box["height"] * (1.06 - 0.5) / 1.28
    page.mouse.move(x - 8, box["y"] + 1)
    page.mouse.down()
    page.mouse.move(x + 8, middle, steps=4)
    page.mouse.up()
    page.wait_for_function("!document.getElementById('status').hidden")
    rates = {t.number: t.params["dropout"] for t in record.trials if t.value is not None}
    half = (min(rates.values()) + max(rates.values())) / 2
    kept = points(page, "best-so-far")
    assert {n for n, rate in rates.items() if rate > half + 0.01} <= {*kept}
    assert {*kept} <= {n for n, rate in rates.items() if rate > half - 0.01}


def test_a_brush_at_absent_keeps_the_trials_without_the_parameter(page: Page) -> None:
    record = study(50)
    axes = parallel.chart(summarize(record)).layout["xaxis"]["ticktext"]
    box = drawn(page, "parallel-coordinates").query_selector(".nsewdrag").bounding_box()
    x = box["x"] + box["width"] * (axes.index("momentum") + 0.15) / (len(axes) - 0.45)
    page.mouse.move(x - 8, box["y"] + box["height"] * 0.92)
    page.mouse.down()
    page.mouse.move(x + 8, box["y"] + box["height"] - 1, steps=4)
    page.mouse.up()
    page.wait_for_function("!document.getElementById('status').hidden")
    without = [
        t.number for t in record.trials if t.value is not None and "momentum" not in t.params
    ]
    assert points(page, "best-so-far") == without


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


def test_every_number_of_the_table_is_that_of_the_json_in_five_digits(page: Page) -> None:
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
    for chart, x in (
        ("learning-rate-by-optimizer", lambda t: t.params["learning_rate"]),
        ("accuracy-vs-parameters", lambda t: t.cost["parameters"]),
        ("accuracy-vs-train-seconds", lambda t: t.cost["train_seconds"]),
    ):
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


def test_several_objectives_are_drawn_against_each_other(open_report: Any) -> None:
    record = awkward("two objectives")
    page = open_report(record)
    script = "e => e.data.filter(t => t.name !== 'Pareto front').flatMap(t => t.customdata)"
    assert sorted(drawn(page, "objectives").evaluate(script)) == with_value(record)
    wanted = figures.figure(objectives.chart(summarize(record)), summarize(record))
    found = drawn(page, "objectives").evaluate(TRACES)
    assert found == json.loads(wanted.to_json())["data"]


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


def test_ten_thousand_trials_are_usable_in_seconds(open_report: Any) -> None:
    page = open_report(study(10_000))
    drawn(page, "depth-vs-accuracy")
    page.reload()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})  # whatever else runs here
    page.reload()
    page.wait_for_selector('html[data-charts="1"]', state="attached")
    drawn(page, "depth-vs-accuracy")
    measured = session.send("Performance.getMetrics")["metrics"]
    assert next(m["value"] for m in measured if m["name"] == "TaskDuration") < 3  # 2.1 seconds
    assert len(points(page, "depth-vs-accuracy")) > 9_000
    expect(at(page, "page")).to_have_text("Page 1 of 200")


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


def test_a_page_that_nobody_rewrites_is_not_read_again_and_says_so(
    open_live: Any, tmp_path: Path
) -> None:
    page = open_live(study(10, budget=12))
    os.utime(tmp_path / "report.html", (0, time.time() - 31 * 60))
    page.evaluate("window.first = true")
    page.clock.fast_forward(15_000)
    page.wait_for_function("!window.first && document.documentElement.dataset.charts")
    page.evaluate("window.kept = true")
    page.clock.fast_forward(60_000)
    expect(at(page, "live")).to_contain_text("Nothing has rewritten this page since")
    assert page.evaluate("window.kept")


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
    expect(at(page, "settings")).to_contain_text("optuna.random")
    page.close()


@pytest.mark.parametrize("width", [400, 2000])
def test_nothing_sticks_out_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    all_drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
