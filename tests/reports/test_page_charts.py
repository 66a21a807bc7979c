from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reports import figures, summarize
from reports.figures import (
    contour,
    cost,
    depth,
    epochs,
    objectives,
    parallel,
    progress,
    slices,
    widths,
)
from reports.figures.bind import bind
from reports.figures.chart import chosen
from tests.reports.browsing import (
    TRACES,
    at,
    drawn,
    filtered,
    numbers,
    points,
    with_value,
)
from tests.reports.studies import awkward, study

pytestmark = pytest.mark.browser


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
    charts = [chart for section in figures.sections(summary) for chart in section.charts]
    assert len(charts) == 13
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


def test_several_objectives_are_drawn_against_each_other(open_report: Any) -> None:
    record = awkward("two objectives")
    page = open_report(record)
    script = "e => e.data.filter(t => t.name !== 'Pareto front').flatMap(t => t.customdata)"
    assert sorted(drawn(page, "objectives").evaluate(script)) == with_value(record)
    wanted = figures.figure(objectives.chart(summarize(record)), summarize(record))
    found = drawn(page, "objectives").evaluate(TRACES)
    assert found == json.loads(wanted.to_json())["data"]


def test_ten_thousand_trials_are_usable_in_seconds(open_report: Any) -> None:
    page = open_report(study(10_000))
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})  # whatever else runs here
    page.reload()
    page.wait_for_selector('html[data-charts="1"]', state="attached")
    drawn(page, "depth-vs-accuracy")
    measured = session.send("Performance.getMetrics")["metrics"]
    assert next(m["value"] for m in measured if m["name"] == "TaskDuration") < 3  # 2.1 seconds
    assert len(points(page, "depth-vs-accuracy")) > 9_000
    expect(at(page, "page")).to_have_text("Page 1 of 200")
