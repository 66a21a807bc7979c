from __future__ import annotations

from dataclasses import replace

from reports import figures, summarize
from reports.figures import parallel
from reports.figures.bind import ABSENT
from tests.reports.studies import study


def test_parallel_lines_stay_between_their_axes_ends() -> None:
    figure = figures.parallel_coordinates(study())
    assert {y for t in figure.data for y in t.y if y is not None} <= {
        ABSENT,
        *(y / 1e4 for y in range(10_001)),
    }


def test_parallel_coordinates_show_the_best_hundred_of_each_fifth() -> None:
    figure = figures.parallel_coordinates(study(700))
    assert [len({*trace.customdata}) for trace in figure.data] == [100] * 5


def test_parallel_coordinates_draw_a_dozen_parameters_and_number_all() -> None:
    record = study()
    trials = [
        replace(trial, params={f"p{place}": trial.number % (place + 2) for place in range(20)})
        for trial in record.trials
    ]
    chart = parallel.chart(summarize(replace(record, trials=trials)))
    assert len(chart.traces[0].axes) == 12 + 1
    assert len(chart.table) == 20 + 1
    assert chart.sentence.endswith("Drawn are the 12 of 20 parameters that mattered most.")
