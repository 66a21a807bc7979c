"""The tiny study that is tortured, and what must be true of it at the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from search.processes import alive
from search.records import ENDED, StudyRecord
from search.storage import Place
from search.study import Study
from search.study.artifacts import KEPT
from spaces import InputError
from tests.films import SPEC, write_films

__all__ = ["NAME", "TRIALS", "at_work", "begin", "check", "ended", "record", "results"]

NAME, TRIALS = "tiny", 4
_SPEC = """
[study]
name = "tiny"
objective = "top_5_accuracy"
tuner = "{tuner}"
pruner = "{pruner}"
trials = {trials}
retries = 1000

[space]
depth = {{ integer = [1, 2] }}
width = {{ choice = [4, 8] }}
optimizer = {{ choice = ["adam", "sgd"] }}
learning_rate = {{ real = [0.001, 0.1], log = true }}
momentum = {{ real = [0.0, 0.9] }}
output_dim = 4
embedding_dim = 4
batch_size = 64
epochs = 3
dropout = 0.1
"""


def begin(folder: Path, shared: bool = False) -> list[str]:
    """Write the study's spec and its data into the folder; the arguments that run it.

    Where several processes share it, no trial depends on another, and there are more of them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    given = ("optuna.random", "none", 2 * TRIALS) if shared else ("optuna.tpe", "median", TRIALS)
    settings = dict(zip(("tuner", "pruner", "trials"), given, strict=True))
    (folder / "spec.toml").write_text(_SPEC.format(**settings) + SPEC)
    write_films(folder)
    return ["run", "spec.toml"]


def record(place: Place) -> StudyRecord:
    """The study as it is stored."""
    return Study(place, NAME, write=False).record()


def results(found: StudyRecord) -> list[Any]:
    """All of its trials that no clock has a part in."""
    return [
        (t.number, t.state, t.params, t.value, t.curve, t.seed, t.stage, t.error)
        for t in found.trials
    ]


def ended(found: StudyRecord) -> dict[int, Any]:
    """The trials that have ended, whole, times and all: none of this may ever change."""
    return {trial.number: trial.as_dict() for trial in found.trials if trial.state in ENDED}


def at_work(place: Place) -> tuple[list[Any], bool]:
    """The workers whose trials run, and whether all trials have ended; none before it begins."""
    try:
        found = record(place)
    except InputError:
        return [], False
    storage = place.open(write=False)
    trials = storage.get_all_trials(storage.get_study_id_from_name(NAME))
    workers = [trial.user_attrs["worker"] for trial in trials if not trial.state.is_finished()]
    return [worker for worker in workers if alive(worker)], found.ended == found.budget


def check(place: Place, straight: list[Any]) -> None:
    """The interrupted study equals the straight one, and nothing is left over of it."""
    found = record(place)
    assert results(found) == straight
    assert found.ended == found.budget == len(straight)
    folder = place.folder(NAME)
    assert list((folder / "checkpoints").iterdir()) == []
    best = sorted(
        (trial for trial in found.trials if trial.state == "complete"),
        key=lambda trial: (-(trial.value or 0), trial.number),
    )
    kept = {f"{trial.number}.weights" for trial in best[:KEPT]}
    assert {path.name for path in (folder / "weights").iterdir()} == kept
    assert len(list((folder / "data").iterdir())) == 1
