from __future__ import annotations

import tomllib
from typing import Any

from reports.again import again
from search.records import TrialRecord
from search.resolve import resolve
from spaces import TowerConfig
from tests.reports.studies import of_values

SPEC: dict[str, Any] = {
    "study": {"objective": ["mrr"], "tuner": "optuna.random", "value_at": "last", "trials": 9},
    "data": {"source": "movielens/100k", "split": {"by": "random", "train": 0.8, "seed": 3}},
}


def test_a_configuration_becomes_a_study_of_one_unpruned_trial_of_it() -> None:
    config = TowerConfig(depth=3, optimizer="sgd", momentum=0.123456789, normalize=True).as_dict()
    record = of_values([0.1], [3], name="a", spec=SPEC)
    spec = resolve(tomllib.loads(again(record, TrialRecord(7, "complete", config=config))))
    assert spec.study.name == "a-trial-7"
    assert (spec.study.trials, spec.study.pruner) == (1, "none")
    assert (spec.study.objective, spec.study.value_at) == (["mrr"], "last")
    assert (spec.data.source, spec.data.split.seed) == ("movielens/100k", 3)
    assert spec.space.build(lambda name, fixed: fixed.grid()[0]) == config
