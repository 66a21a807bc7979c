from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import pytest

from reports import figures, summarize
from reports.figures import cost, depth, epochs, objectives, widths
from reports.figures.parts import axis
from reports.figures.theme import NEUTRAL
from search.records import StudyRecord
from spaces.errors import InputError
from tests.reports.studies import AWKWARD, HOSTILE, awkward, of_values, study

Draw = Callable[[StudyRecord], go.Figure]
DRAWN: list[Draw] = [
    figures.depth_vs_accuracy,
    figures.best_of_n,
    figures.accuracy_by_epoch,
    figures.width_vs_accuracy,
    figures.learning_rate_by_optimizer,
    figures.objectives_against_each_other,
    figures.parameter_importance,
    figures.parallel_coordinates,
    figures.slice_of_one,
    figures.contour_of_two,
    figures.accuracy_vs_cost,
    figures.best_so_far,
    figures.what_pruning_saved,
]


def scatters(figure: go.Figure) -> list[Any]:
    return [trace for trace in figure.data if trace.type == "scatter"]


def markers(figure: go.Figure) -> list[Any]:
    return [trace for trace in scatters(figure) if trace.mode == "markers"]


def numbers(figure: go.Figure) -> list[int]:
    return sorted(n for trace in markers(figure) for n in trace.customdata)


@pytest.mark.parametrize("draw", DRAWN)
@pytest.mark.parametrize("name", AWKWARD)
def test_an_awkward_study_is_drawn(name: str, draw: Draw) -> None:
    assert isinstance(draw(awkward(name)), go.Figure)


@pytest.mark.parametrize("draw", DRAWN)
def test_a_study_and_its_summary_give_the_same_figure(draw: Draw) -> None:
    assert draw(study(20)) == draw(summarize(study(20)))  # type: ignore[arg-type]


def test_every_trial_with_a_value_is_one_point_at_its_depth() -> None:
    record = study()
    figure = figures.depth_vs_accuracy(record)
    assert numbers(figure) == [t.number for t in record.trials if t.value is not None]
    for trace in markers(figure):
        for number, x in zip(trace.customdata, trace.x, strict=True):
            assert round(x) == record.trials[number].params["depth"] - 1


def test_shapes_tell_states_apart() -> None:
    record = study()
    for trace in markers(figures.depth_vs_accuracy(record)):
        states = {record.trials[number].state for number in trace.customdata}
        assert states == {"complete" if trace.marker.symbol == "circle" else "pruned"}


def test_the_best_of_each_depth_carries_a_ring() -> None:
    record = study()
    rings = [t for t in scatters(figures.depth_vs_accuracy(record)) if t.mode == "markers+text"]
    best = [row["trial"] for row in summarize(record)["depths"]]
    assert [ring.customdata[0] for ring in rings] == best


def test_baselines_are_drawn_and_named() -> None:
    layout = figures.depth_vs_accuracy(study()).layout
    assert [line.y0 for line in layout.shapes] == [0.2989, 0.06]
    assert [name.text for name in layout.annotations] == ["popularity 0.299", "random order 0.06"]


def test_baselines_too_close_to_be_named_apart_share_a_name() -> None:
    lines = {"a": {"top_100_accuracy": 0.3}, "b": {"top_100_accuracy": 0.301}}
    names = figures.best_so_far(study(baselines=lines)).layout.annotations
    assert [name.text for name in names] == ["b 0.301<br>a 0.3"]


def test_names_that_meet_when_others_have_been_joined_are_joined_too() -> None:
    values = {"a": 0.4, "b": 0.395, "c": 0.385, "d": 0.36, "e": 0.06}
    lines = {name: {"top_10_accuracy": value} for name, value in values.items()}
    names = figures.best_so_far(of_values([0.41], [1], baselines=lines)).layout.annotations
    assert [name.text.count("<br>") for name in names] == [3, 0]
    assert names[0].y == pytest.approx((0.4 + 0.395 + 0.385 + 0.36) / 4)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ((0.0003, 0.2), [0.0001, 0.001, 0.01, 0.1, 1]),
        ((20, 300), [10, 20, 50, 100, 200, 500, 1000, 2000, 5000]),
    ],
)
def test_a_logarithmic_axis_has_its_ticks_at_round_values(
    values: tuple[float, ...], ticks: list[float]
) -> None:
    assert axis("rate", log=values)["tickvals"] == ticks


def test_the_learning_rates_axis_is_logarithmic_where_the_space_is() -> None:
    assert figures.learning_rate_by_optimizer(study()).layout.xaxis.type == "log"
    assert figures.learning_rate_by_optimizer(study(spec={})).layout.xaxis.type is None


def test_optimizers_have_a_colour_each() -> None:
    traces = markers(figures.learning_rate_by_optimizer(study()))
    colours = {(trace.name, trace.marker.color) for trace in traces}
    assert len(colours) == len({name for name, _ in colours}) == 3


def test_curves_are_separated_by_gaps() -> None:
    record = study(5)
    lines = [t for t in figures.accuracy_by_epoch(record).data if t.line.width == 1]
    drawn = sum(x is None for trace in lines for x in trace.x)
    assert drawn == sum(bool(trial.curve) for trial in record.trials)


def test_the_best_so_far_never_falls() -> None:
    line = next(t for t in figures.best_so_far(study()).data if t.name == "best so far")
    assert [*line.y] == sorted(line.y)


def test_the_best_so_far_of_a_loss_never_rises() -> None:
    line = next(
        t for t in figures.best_so_far(awkward("minimised")).data if t.name == "best so far"
    )
    assert [*line.y] == sorted(line.y, reverse=True)


def test_over_time_the_best_so_far_follows_the_order_in_which_trials_ended() -> None:
    slow, *others = study(20).trials
    late = replace(slow, state="complete", value=0.9, finished="2026-03-02T09:00:00+00:00")
    record = replace(study(20), trials=(late, *others))
    line = next(t for t in figures.best_so_far(record, "time").data if t.name == "best so far")
    assert [*line.x] == sorted(line.x)
    assert line.x[-1] == 24 * 60
    assert line.y[0] < line.y[-1] == 0.9


def test_a_pruned_trial_is_a_diamond_at_its_last_epoch() -> None:
    record = study()
    for trace in markers(figures.what_pruning_saved(record)):
        assert [*trace.y] == [record.trials[n].curve[-1]["epoch"] for n in trace.customdata]
        assert {*trace.y} == ({4} if trace.marker.symbol == "diamond-open" else {12})


def test_importance_is_a_dot_a_parameter_with_the_spread_over_refits() -> None:
    [dots] = figures.parameter_importance(study()).data
    told = summarize(study())["importance"]
    assert told is not None
    assert [*dots.x] == [each["mean"] for each in told["influences"]]
    ends = zip(dots.x, dots.error_x.array, told["influences"], strict=True)
    assert all(x + above == pytest.approx(each["high"]) for x, above, each in ends)


def test_depth_is_drawn_against_any_recorded_metric_without_the_objectives_lines() -> None:
    record = study()
    figure = figures.depth_vs_accuracy(record, metric="mrr")
    for trace in markers(figure):
        assert [*trace.y] == pytest.approx(
            [record.trials[n].metrics["mrr"] for n in trace.customdata], rel=5e-5
        )
    assert figure.layout.yaxis.title.text == "mrr"
    assert figure.layout.shapes == ()


def test_trials_are_coloured_by_a_parameters_place_and_grey_without_it() -> None:
    record = study()
    momenta = [t.params["momentum"] for t in record.trials if t.value and "momentum" in t.params]
    low, high = min(momenta), max(momenta)
    for trace in markers(figures.depth_vs_accuracy(record, colour="momentum")):
        for number, shade in zip(trace.customdata, trace.marker.color, strict=True):
            momentum = record.trials[number].params.get("momentum")
            if momentum is None:
                assert shade == NEUTRAL
            else:
                assert shade == pytest.approx((momentum - low) / (high - low), abs=1e-3)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (
            lambda: figures.depth_vs_accuracy(study(), metric="auc"),
            r"^metric: must be one of top_100_accuracy, .*, got 'auc'\.$",
        ),
        (
            lambda: figures.depth_vs_accuracy(study(), colour="seed"),
            r"^colour: must be one of depth, .*, got 'seed'\.$",
        ),
        (
            lambda: figures.slice_of_one(study(), "seed"),
            r"^parameter: must be one of momentum, .*, got 'seed'\.$",
        ),
        (
            lambda: figures.contour_of_two(study(), "width"),
            r"^parameters: must be one of learning_rate × .*, got 'width'\.$",
        ),
    ],
)
def test_an_unknown_option_is_refused(draw: Callable[[], go.Figure], message: str) -> None:
    with pytest.raises(InputError, match=message):
        draw()


def test_a_slice_begins_with_the_strongest_parameter_without_a_chart_of_its_own() -> None:
    record = study()
    told = summarize(record)["importance"]
    assert told is not None
    ranked = [each["column"].removeprefix("params.") for each in told["influences"]]
    own = ("learning_rate", "width", "embedding_dim", "depth")
    figure = figures.slice_of_one(record)
    assert figure.layout.xaxis.title.text == next(name for name in ranked if name not in own)


def test_a_slice_draws_the_trials_that_have_the_parameter() -> None:
    record = study()
    wide = [t.number for t in record.trials if t.value is not None and "width" in t.params]
    assert numbers(figures.slice_of_one(record, "width")) == wide


def test_widths_are_drawn_with_a_line_through_the_best_of_each_depth() -> None:
    record = study()
    figure = figures.width_vs_accuracy(record)
    assert figure.layout.xaxis.title.text == "width in units"
    assert figure.layout.xaxis.type == "log"
    lines = [trace for trace in scatters(figure) if trace.mode == "lines"]
    done = [t for t in record.trials if t.state == "complete" and t.params["depth"] == 2]
    best = {w: max(t.value or 0 for t in done if t.params["width"] == w) for w in (32, 64, 128)}
    assert dict(zip(lines[1].x, lines[1].y, strict=True)) == pytest.approx(best, rel=5e-5)
    assert [*lines[0].x] == []  # at depth 1 no layer has a width


def test_every_width_that_varied_can_be_drawn() -> None:
    names = [option.name for option in widths.chart(summarize(study())).switches[0].options]
    assert names == ["width", "embedding_dim"]
    figure = figures.width_vs_accuracy(study(), "embedding_dim")
    assert figure.layout.xaxis.title.text == "embedding dim in units"


def test_the_pareto_front_is_ringed_and_listed() -> None:
    record = awkward("two objectives")
    done = {t.number: [v or 0 for v in t.values] for t in record.trials if t.state == "complete"}
    best = sorted(
        number
        for number, (value, cost) in done.items()
        if not any(v >= value and c <= cost and n != number for n, (v, c) in done.items())
    )
    figure = figures.objectives_against_each_other(record)
    (rings,) = (trace for trace in figure.data if trace.name == "Pareto front")
    assert sorted(rings.customdata) == best
    rows = objectives.chart(summarize(record)).table
    assert sorted(int(row[0]) for row in rows) == best


def test_titles_name_a_loss_as_what_it_is() -> None:
    summary = summarize(awkward("minimised"))
    titles = [c.title for c in (depth.chart(summary), epochs.chart(summary), widths.chart(summary))]
    assert titles == ["Depth against loss", "Loss by epoch and depth", "Width against loss"]
    assert cost.chart(summary, "parameters").title == "Loss against size"


def test_a_lone_trial_of_a_depth_stands_above_it() -> None:
    figure = figures.depth_vs_accuracy(of_values([0.1, 0.2, 0.3], [1, 2, 2]))
    assert [x for trace in markers(figure) for x in trace.x if x < 0.5] == [0]


def test_a_slice_is_logarithmic_where_the_space_is_and_of_categories_where_texts_are() -> None:
    assert figures.slice_of_one(study(), "learning_rate").layout.xaxis.type == "log"
    assert figures.slice_of_one(study(), "dropout").layout.xaxis.type is None
    assert figures.slice_of_one(study(), "optimizer").layout.xaxis.type == "category"


def test_hostile_names_hold_no_markup_for_plotly() -> None:
    record = awkward("hostile")
    for draw in DRAWN:
        text = draw(record).to_json()
        assert "<img" not in text.replace("\\u003c", "<")
        assert HOSTILE not in text
