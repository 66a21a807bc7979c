from __future__ import annotations

from reports import figures, summarize
from reports.figures import contour
from tests.reports.studies import study


def test_the_contours_numbers_are_means_of_bands() -> None:
    record = study()
    chart = contour.chart(summarize(record))
    assert chart.header[0] == f"{chart.switches[0].options[0].name}: mean (trials)"
    cells = [cell for row in chart.table for cell in row[1:] if cell != "–"]
    trials = [int(cell.split("(")[1][:-1]) for cell in cells]
    x, y = chart.switches[0].options[0].name.split(" × ")
    both = [t for t in record.trials if t.state == "complete" and {x, y} <= {*t.params}]
    assert sum(trials) == len(both)


def test_a_contour_begins_with_the_two_numbers_that_mattered_most_to_the_best_trial() -> None:
    layout = figures.contour_of_two(study()).layout
    told = summarize(study())["importance"]
    assert told is not None
    names = [each["column"].removeprefix("params.") for each in told["influences"]]
    best = max(study().trials, key=lambda trial: trial.value or 0)
    two = [name for name in names if isinstance(best.params.get(name), int | float)][:2]
    found = [layout.xaxis.title.text, layout.yaxis.title.text]
    assert found == [name.replace("_", " ") for name in two]


def test_a_contour_is_drawn_on_thirty_cells_at_most() -> None:
    surface = figures.contour_of_two(study(4_000)).data[0]
    assert (len(surface.x), len(surface.y), len(surface.z)) == (30, 30, 30)
