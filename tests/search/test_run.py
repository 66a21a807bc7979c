from __future__ import annotations

from collections.abc import Callable
from typing import Any

import optuna
import pytest

from search.resolve import resolve
from search.run import begin, work
from search.spec import StudySpec
from search.storage import Place
from search.study import Study
from spaces import InputError
from tests.search.examples import after
from tests.torture.studies import results


class Told:
    """Keeps what a listener is told."""

    def __init__(self) -> None:
        self.epochs: list[tuple[int, int]] = []
        self.trials: list[int] = []

    def epoch(self, number: int, epoch: int, epochs: int, value: float | None) -> None:
        self.epochs.append((number, epoch))

    def trial(self, trial: Any) -> None:
        self.trials.append(trial.number)


def _begin(spec: StudySpec, place: Place) -> Study:
    return begin(spec, place, threads=1, command="towersearch run")


def test_a_study_runs_to_its_total(small: Callable[..., StudySpec], place: Place) -> None:
    study, told = _begin(small(), place), Told()
    work(study, told, lambda: False)
    record = study.record()
    assert [trial.state for trial in record.trials] == ["complete"] * 3
    assert told.trials == [0, 1, 2]
    assert told.epochs[:3] == [(0, 1), (0, 2), (0, 3)]
    assert record.data["source"] == "films"
    assert 0 < record.baselines["popularity"]["top_5_accuracy"] < 1
    best = record.best
    assert best is not None
    assert best.value == best.metrics["top_5_accuracy"]
    assert {"epoch", "train_loss", "loss", "mrr"} <= set(best.curve[0])
    assert (best.cost["parameters"] or 0) > 100


def test_a_study_interrupted_after_any_epoch_ends_like_one_that_was_not(
    small: Callable[..., StudySpec], place: Place
) -> None:
    straight = _begin(small(name="straight", trials=4, pruner="median"), place)
    work(straight, Told(), lambda: False)
    broken = _begin(small(name="broken", trials=4, pruner="median"), place)
    while broken.record().ended < 4:
        work(broken, Told(), after(2))
    assert results(broken.record()) == results(straight.record())


def test_several_objectives_under_a_constraint_are_recorded_as_optuna_sees_them(
    small: Callable[..., StudySpec], place: Place
) -> None:
    objectives = ["top_5_accuracy", "parameters"]
    study = _begin(small(objective=objectives, constraints={"bytes": "<= 2000"}), place)
    work(study, Told(), lambda: False)
    record = study.record()
    for trial in record.trials:
        assert trial.values == [trial.metrics["top_5_accuracy"], trial.cost["parameters"]]
        assert trial.constraints == {"bytes": (trial.cost["bytes"] or 0) - 2000}
    theirs = optuna.load_study(study_name="small", storage=place.url)
    merits = {tuple(t.values) for t in theirs.best_trials}
    assert merits == {tuple(trial.values) for trial in record.front}


@pytest.fixture
def hyperband(small: Callable[..., StudySpec], place: Place) -> Callable[[str], Study]:
    def make(name: str) -> Study:
        return _begin(small(name=name, trials=4, tuner="keras_tuner.hyperband"), place)

    return make


def test_what_hyperband_trains_on_goes_on_where_it_stopped(
    hyperband: Callable[[str], Study],
) -> None:
    study, told = hyperband("h"), Told()
    work(study, told, lambda: False)
    trials = study.record().trials
    assert [trial.stage["parent"] is None for trial in trials] == [True, True, False, True]
    child = trials[2]
    parent = trials[child.stage["parent"] or 0]
    trained = [epoch for number, epoch in told.epochs if number == child.number]
    assert (child.params, child.seed) == (parent.params, parent.seed)
    assert list(child.curve[:1]) == list(parent.curve)
    assert (trained, child.curve[-1]["epoch"]) == ([2, 3], 3)
    assert study.record().continued == {parent.number}
    assert not list((study.folder / "checkpoints").iterdir())


def test_hyperband_ends_the_same_whether_interrupted_or_bereft_of_its_checkpoints(
    hyperband: Callable[[str], Study],
) -> None:
    straight, broken = hyperband("straight"), hyperband("broken")
    work(straight, Told(), lambda: False)
    for epochs in (1, 3, 2, 4, 100):
        work(broken, Told(), after(epochs))
        if broken.record().ended == 2:  # both of the first round, one of which goes on
            for path in (broken.folder / "checkpoints").iterdir():
                path.unlink()
    assert results(broken.record()) == results(straight.record())


def test_a_name_that_exists_is_refused_before_the_data_is_touched(
    small: Callable[..., StudySpec], place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    _begin(small(), place)
    monkeypatch.setattr("search.run.load", None)
    with pytest.raises(InputError, match=r"name: a study called 'small' exists"):
        _begin(small(), place)


def test_data_that_cannot_be_had_leaves_storage_untouched(
    small: Callable[..., StudySpec], place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(source: str, data_dir: object) -> None:
        raise InputError("data: is not there.")

    monkeypatch.setattr("search.run.load", missing)
    with pytest.raises(InputError, match=r"data: is not there\."):
        _begin(small(), place)
    assert not place.exists


def test_data_that_changed_since_is_refused_where_it_must_be_encoded_again(
    small: Callable[..., StudySpec], place: Place, films: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace
    from shutil import rmtree

    study = _begin(small(), place)
    rmtree(study.folder / "data")
    changed = replace(films, interactions={k: v[:-1] for k, v in films.interactions.items()})
    monkeypatch.setattr("search.run.load", lambda source, data_dir: changed)
    with pytest.raises(InputError, match=r"data: films and its split must be as they were"):
        work(study, Told(), lambda: False)


def test_a_trial_that_fails_is_recorded_and_the_study_goes_on(
    small: Callable[..., StudySpec], place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search.training.trainer import Trainer

    train = Trainer.train_epoch

    def breaks(self: Trainer, epoch: int) -> float:
        if self._seed == study_seed:
            raise MemoryError("no room")
        return train(self, epoch)

    study = _begin(small(), place)
    claim = study.claim()
    assert claim is not None
    study_seed = claim.seed
    study.release(claim)
    monkeypatch.setattr(Trainer, "train_epoch", breaks)
    work(study, Told(), lambda: False)
    trials = study.record().trials
    assert [trial.state for trial in trials] == ["failed", "complete", "complete"]
    assert trials[0].error == "MemoryError: no room"


def test_the_total_of_a_grid_is_at_most_its_size(
    small: Callable[..., StudySpec], place: Place
) -> None:
    table = {
        "study": {"name": "g", "tuner": "optuna.grid", "objective": "mrr", "trials": 9},
        "space": {"depth": {"integer": [1, 2]}, "epochs": 1, "width": 4, "output_dim": 4},
    }
    small()
    study = _begin(resolve(table), place)
    work(study, Told(), lambda: False)
    assert [trial.params["depth"] for trial in study.record().trials] == [1, 2]
    assert study.budget == 2
    with pytest.raises(InputError, match=r"trials: must be at most the 2 of the grid, got 9\."):
        study.raise_budget(9)


def test_a_study_is_complete_when_its_tuner_has_nothing_left(
    small: Callable[..., StudySpec], place: Place
) -> None:
    table = {
        "study": {"name": "g", "tuner": "keras_tuner.grid", "objective": "mrr", "trials": 9},
        "space": {"depth": {"integer": [1, 2]}, "epochs": 1, "width": 4, "output_dim": 4},
    }
    small()
    study = _begin(resolve(table), place)
    work(study, Told(), lambda: False)
    assert (study.record().ended, study.budget) == (2, 2)


def test_features_are_a_choice_of_the_space(small: Callable[..., StudySpec], place: Place) -> None:
    small()
    features = ["user", "user+time"]
    table = {
        "study": {"name": "f", "tuner": "optuna.grid", "objective": "mrr", "trials": 2},
        "space": {"depth": 1, "epochs": 1, "query_features": {"choice": features}},
    }
    study = _begin(resolve(table), place)
    work(study, Told(), lambda: False)
    first, second = study.record().trials
    assert [first.params["query_features"], second.params["query_features"]] == features
    assert (second.cost["parameters"] or 0) > (first.cost["parameters"] or 0)


def test_a_feature_that_the_data_lack_is_refused_before_anything_is_stored(
    small: Callable[..., StudySpec], place: Place
) -> None:
    small()
    table = {
        "study": {"name": "f", "objective": "mrr"},
        "space": {"depth": 1, "query_features": {"choice": ["all", "user+age"]}},
    }
    with pytest.raises(
        InputError, match=r"query_features: .* some of user, time .*got 'user\+age'"
    ):
        _begin(resolve(table), place)
    assert not place.exists


def test_seen_candidates_can_be_left_out_of_the_ranking(
    small: Callable[..., StudySpec], place: Place
) -> None:
    from dataclasses import replace

    spec = small(name="kept")
    excluded = replace(
        spec,
        data=spec.data.model_copy(update={"exclude_seen": True}),
        study=spec.study.model_copy(update={"name": "excluded"}),
    )
    kept = _begin(spec, place).record().baselines["popularity"]["top_10_accuracy"]
    without = _begin(excluded, place).record().baselines["popularity"]["top_10_accuracy"]
    assert without > kept
