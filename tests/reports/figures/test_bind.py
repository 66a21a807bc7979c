from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import summarize
from reports.figures.bind import bind
from reports.figures.chart import Axis, Trace
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
    assert text.startswith("<b>trial 1</b> · complete<br>top‑100 accuracy 0.4108<br>depth 2")
    assert "momentum" not in text


def test_the_band_is_the_outline_of_the_quartiles_and_the_median_lies_inside() -> None:
    wanted = {"state": "complete"}
    band = bind(Trace("band", y="top_100_accuracy", where=wanted), SUMMARY, ALL)
    median = bind(Trace("median", y="top_100_accuracy", where=wanted), SUMMARY, ALL)
    epochs = len(median["x"])
    assert band["x"] == median["x"] + median["x"][::-1]
    low, high = band["y"][:epochs], band["y"][epochs:][::-1]
    assert all(a <= b <= c for a, b, c in zip(low, median["y"], high, strict=True))


def test_the_median_ends_where_fewer_than_half_train_on() -> None:
    everything = Trace("median", y="top_100_accuracy")
    pruned = [row for row in ALL if study(30).trials[row].state == "pruned"]
    completed = [row for row in ALL if study(30).trials[row].state == "complete"]
    assert bind(everything, SUMMARY, pruned)["x"][-1] == 4
    assert bind(everything, SUMMARY, [*pruned[:2], completed[0]])["x"][-1] == 4
    assert bind(everything, SUMMARY, [pruned[0], completed[0]])["x"][-1] == 12


@pytest.mark.parametrize(("rate", "place"), [(1e-4, 0), (1e-2, 0.5), (1, 1)])
def test_a_logarithmic_axis_places_by_the_logarithm(rate: float, place: float) -> None:
    summary = summarize(study(1, seed=1))
    summary["columns"]["params.learning_rate"]["values"] = [rate]
    axis = Axis("params.learning_rate", low=1e-4, high=1, log=True)
    assert bind(Trace("parallel", axes=(axis,)), summary, [0])["y"] == [place, None]


def test_an_absent_parameter_is_a_gap_in_a_parallel_line() -> None:
    axes = (Axis("depth", high=4), Axis("params.momentum"), Axis("depth", high=4))
    adam = next(t.number for t in study(30).trials if t.params["optimizer"] == "adam")
    assert bind(Trace("parallel", axes=axes), SUMMARY, [adam])["y"][1] is None


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
