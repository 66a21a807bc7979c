"""Every tuner through trials that fail, are pruned or report no number, until it ends."""

from __future__ import annotations

import pytest

from search.records import StudyRecord
from search.resolve import resolve
from search.stopping import reason
from search.storage import Place
from search.study import Study
from search.tuners import TUNERS, is_installed
from tests.search.studies import ENDED, FACTS

_POINTS, _TRIALS = 6, 8
_HERE = list(filter(is_installed, TUNERS))
_COMPLETE = {"state": "complete"} | ENDED
_ENDINGS = ({"state": "failed", "error": "no"}, {"state": "pruned"} | ENDED, _COMPLETE)


@pytest.fixture(params=_HERE)
def ended(request: pytest.FixtureRequest, place: Place) -> StudyRecord:
    """A study in a space of six points whose trials fail, are pruned and complete in turn."""
    study = {"name": "s", "tuner": request.param, "objective": "mrr", "trials": _TRIALS}
    study["seed"] = 1  # with others one in fifty misses the last point in 21 draws
    space = {"depth": {"integer": [2, 4]}, "width": {"choice": [4, 8]}, "epochs": 3}
    spec = resolve({"study": study, "space": space, "first": []})
    began = Study.create(place, spec, FACTS)
    while claim := began.claim():
        began.report(claim, 1, float("nan") if claim.number % 2 else 0.5)
        began.finish(claim, _ENDINGS[claim.number % 3])
    return began.record()


def test_a_study_ends_and_says_why(ended: StudyRecord) -> None:
    tuner = ended.spec["study"]["tuner"]
    tried = {tuple(trial.params.values()) for trial in ended.trials}
    assert ended.ended == len(ended.trials) == ended.budget
    if tuner == "optuna.grid" or tuner.startswith("keras_tuner."):  # none proposes a point twice
        assert len(tried) == _POINTS
        assert ended.budget < _TRIALS
        assert reason(ended) == "the tuner has nothing left to propose"
    else:
        assert ended.budget == _TRIALS
        assert reason(ended) is None
