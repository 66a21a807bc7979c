from __future__ import annotations

from reports import figures, summarize
from reports.figures import tries
from tests.reports.studies import of_values, study


def test_each_depths_curve_of_tries_lies_in_its_band() -> None:
    record = study()
    figure, told = figures.best_of_n(record), summarize(record)["tries"]
    bands, lines = figure.data[::2], figure.data[1::2]
    assert [line.name for line in lines] == [f"depth {each['depth']}" for each in told]
    for band, line, each in zip(bands, lines, told, strict=True):
        assert [*line.x] == list(range(1, 1 + each["n"] // 2))
        assert [*line.y] == sorted(line.y)
        assert [*band.y] == each["high"] + each["low"][::-1]


def test_the_chart_of_tries_compares_depths_at_the_same_number_of_them() -> None:
    values = [0.3, 0.1, 0.6, 0.2, 0.5, 0.4, 0.4, 0.3]
    chart = tries.chart(summarize(of_values([*values, *values[:6]], [1] * 8 + [2] * 6)))
    assert chart.sentence.startswith(
        "Expected best top‑10 accuracy of 3 tries at one depth: 0.49464 at depth 1 ("
    )
    assert [row[:4] for row in chart.table if row[2] == "3"] == [
        ["1", "8", "3", "0.49464"],
        ["2", "6", "3", "0.525"],
    ]
    few = tries.chart(summarize(of_values([0.1, 0.2], [1, 1])))
    assert few.sentence == (
        "What n tries find is told from 6 trials of a depth on; no depth has more than 2."
    )
    assert not few.traces
