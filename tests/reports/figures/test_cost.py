from __future__ import annotations

from dataclasses import replace

import pytest

from reports import figures, summarize
from reports.figures import cost
from spaces.errors import InputError
from tests.reports.studies import study


def test_the_front_rises_with_cost() -> None:
    figure = figures.accuracy_vs_cost(study(), "parameters")
    front = next(t for t in figure.data if t.name == "Pareto front")
    assert [*front.x] == sorted(front.x)
    assert [*front.y] == sorted({*front.y})


def test_what_breaks_a_constraint_is_neither_the_cheapest_nor_on_the_front() -> None:
    record = study()
    number = int(cost.chart(summarize(record), "parameters").table[0][0])
    broken = replace(record.trials[number], constraints={"bytes": 1.0})
    trials = [broken if trial.number == number else trial for trial in record.trials]
    without = replace(record, trials=trials)
    rows = cost.chart(summarize(without), "parameters").table
    assert number not in [int(row[0]) for row in rows]
    figure = figures.accuracy_vs_cost(without, "parameters")
    (front,) = (trace for trace in figure.data if trace.name == "Pareto front")
    assert len({*front.x}) == len(rows)


def test_an_unknown_cost_is_refused() -> None:
    message = "^cost_name: must be one of train_seconds, .*, got 'watts'\\.$"
    with pytest.raises(InputError, match=message):
        figures.accuracy_vs_cost(study(5), "watts")


def test_costs_of_a_kind_share_a_chart() -> None:
    names = [o.name for o in cost.chart(summarize(study()), "parameters").switches[0].options]
    kinds = ["parameters of the model", "size of the model in bytes", "peak memory in bytes"]
    assert names == kinds
