from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import summarize
from reports.figures.bind import ABSENT, bind
from reports.figures.chart import Axis, Trace
from search.records import TrialRecord
from tests.reports.studies import awkward, of_values, study

SUMMARY = summarize(study(30))
ALL = range(30)


def test_points_are_the_rows_that_match_and_have_both_values() -> None:
    trace = Trace("points", x="params.momentum", y="value", where={"state": "complete"})
    bound = bind(trace, SUMMARY, ALL)
    expected = [
        t.number
        for t in study(30).trials
        if t.state == "complete" and "momentum" in t.params and t.value is not None
    ]
    assert bound["customdata"] == expected


def test_only_the_given_rows_are_bound() -> None:
    trace = Trace("points", x="number", y="value")
    assert bind(trace, SUMMARY, [3, 5])["x"] == [3, 5]


def test_style_is_kept() -> None:
    assert (
        bind(Trace("box", x="number", y="value", style={"name": "a"}), SUMMARY, [])["name"] == "a"
    )


def test_the_hover_text_is_the_trials_configuration() -> None:
    text = bind(Trace("points", x="number", y="value"), SUMMARY, [1])["text"][0]
    assert text.startswith("<b>trial 1</b> · complete<br>top‑100 accuracy 0.41078<br>depth 2")
    assert "momentum" not in text


def test_the_top_is_the_best_by_its_own_measure_with_the_interval_of_a_share() -> None:
    style = {"error_y": {"width": 5}, "marker": {}}
    data = {"interactions": {"validation": 100}}
    trials = [
        TrialRecord(0, "complete", value=0.5, metrics={"loss": 2.0}),
        TrialRecord(1, "complete", value=0.4, metrics={"loss": 1.0}),
    ]
    summary = summarize(of_values([], [], data=data, trials=trials))
    value, loss = (
        bind(Trace("top", x="number", y=y, style=style), summary, [0, 1])
        for y in ("value", "metrics.loss")
    )
    assert (value["customdata"], loss["customdata"]) == ([0], [1])
    assert value["error_y"] == {"width": 5, "array": [pytest.approx(1.96 * 0.05, abs=1e-4)]}
    assert loss["error_y"]["array"] == []


def test_the_ridge_is_the_best_at_each_x() -> None:
    summary = summarize(of_values([0.1, 0.3, 0.4, None], [2, 2, 1, 1]))
    assert bind(Trace("ridge", x="depth", y="value"), summary, range(4)) == {
        "x": [1, 2],
        "y": [0.4, 0.3],
    }


def test_the_band_is_the_outline_of_the_quartiles_and_the_median_lies_inside() -> None:
    wanted = {"state": "complete"}
    band = bind(Trace("band", y="top_100_accuracy", where=wanted), SUMMARY, ALL)
    median = bind(Trace("median", y="top_100_accuracy", where=wanted), SUMMARY, ALL)
    epochs = len(median["x"])
    assert band["x"] == median["x"] + median["x"][::-1]
    low, high = band["y"][:epochs], band["y"][epochs:][::-1]
    assert all(a <= b <= c for a, b, c in zip(low, median["y"], high, strict=True))


def test_a_trial_that_stopped_early_keeps_its_last_value_in_the_median() -> None:
    curves: list[list[float | None]] = [[0.1, 0.2, 0.3], [0.9], [None, 0.7, 0.4]]
    trials = [
        TrialRecord(
            n, "complete", value=0.1, curve=[{"epoch": e, "mrr": v} for e, v in enumerate(c)]
        )
        for n, c in enumerate(curves)
    ]
    summary = summarize(of_values([], [], objectives=("mrr",), trials=trials))
    median = bind(Trace("median", y="mrr"), summary, range(3))
    # of 0.1, 0.9; then 0.2, 0.9, 0.7; then 0.3, 0.9, 0.4
    assert median == {"x": [0, 1, 2], "y": [0.5, 0.7, 0.4]}


@pytest.mark.parametrize(("rate", "place"), [(1e-4, 0), (1e-2, 0.5), (1, 1)])
def test_a_logarithmic_axis_places_by_the_logarithm(rate: float, place: float) -> None:
    summary = summarize(study(1, seed=1))
    summary["columns"]["params.learning_rate"]["values"] = [rate]
    axis = Axis("params.learning_rate", low=1e-4, high=1, log=True)
    assert bind(Trace("parallel", axes=(axis,)), summary, [0])["y"] == [place, None]


def test_an_absent_parameter_passes_below_its_parallel_axis() -> None:
    axes = (Axis("depth", high=4), Axis("params.momentum"), Axis("depth", high=4))
    adam = next(t.number for t in study(30).trials if t.params["optimizer"] == "adam")
    assert bind(Trace("parallel", axes=axes), SUMMARY, [adam])["y"][1] == ABSENT


def test_a_cell_of_the_grid_is_the_mean_of_its_trials() -> None:
    summary = summarize(of_values([0.1, 0.3, 0.4, None], [1, 1, 2, 2]))
    summary["columns"]["params.width"] = {
        **summary["columns"]["params.depth"],
        "values": [32, 32, 64, 64],
    }
    axes = (Axis("params.depth", low=1, high=2), Axis("params.width", low=32, high=64))
    bound = bind(Trace("grid", axes=axes), summary, range(4))
    assert bound["x"] == bound["y"] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert bound["z"][0] == [pytest.approx(0.2), None, None, None]
    assert bound["z"][3] == [None, None, None, 0.4]
    spots = bind(Trace("spots", axes=axes), summary, range(4))
    assert (spots["x"], spots["y"], spots["customdata"]) == ([0, 0, 1], [0, 0, 1], [0, 1, 2])


@settings(deadline=None)
@given(st.sets(st.sampled_from(ALL)))
def test_the_front_has_no_trial_that_a_cheaper_one_equals(rows: set[int]) -> None:
    trace = Trace("front", x="cost.parameters", y="value")
    front = bind(trace, SUMMARY, sorted(rows))
    points = bind(Trace("points", x="cost.parameters", y="value"), SUMMARY, sorted(rows))
    everyone = [*zip(points["x"], points["y"], strict=True)]
    undominated = {
        (x, y)
        for x, y in everyone
        if not any((a <= x and b >= y) and (a, b) != (x, y) for a, b in everyone)
    }
    assert {*zip(front["x"], front["y"], strict=True)} == undominated


def test_the_front_of_a_loss_falls_with_cost() -> None:
    summary = summarize(awkward("minimised"))
    front = bind(Trace("front", x="cost.parameters", y="value"), summary, range(20))
    assert front["y"] == sorted(front["y"], reverse=True)
