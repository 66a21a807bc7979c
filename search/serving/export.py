"""A study's model as files to serve: a SavedModel on raw queries, embeddings and a model card."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import Any
from uuid import uuid4

import numpy as np

from search.confirmation.intervals import Resampling
from search.data.encoded import EncodedData
from search.data.encoders import State
from search.data.encoding import encode
from search.data.schema import Dataset
from search.data.splits import Split
from search.data.values import FORMS
from search.records import StudyRecord, TrialRecord
from search.run import encoded_data, raw_data, seen_candidates
from search.serving.answers import MANIFEST, MODEL, measured
from search.serving.card import card
from search.serving.index import Index, check_index
from search.serving.recommender import QueryTower, Recommender, inputs_of, save
from search.serving.seen import SeenFilter
from search.storage import checkpoints
from search.study import Study
from search.training.measures import by_user, measure
from search.training.threads import use_threads
from search.training.trainer import Trainer
from spaces import InputError, TowerConfig

__all__ = ["Wanted", "export"]


@dataclass(frozen=True)
class Wanted:
    """What to export: a trial (None: the best), and how it is to answer.

    `k` candidates are returned, at most all of them; `index` is one of
    `search.serving.index.INDEXES`; `exclude_seen` leaves a user's training candidates out; `refit`
    trains once more, on all interactions.
    """

    trial: int | None = None
    k: int = 100
    index: str = "brute_force"
    exclude_seen: bool = False
    refit: bool = False

    def __post_init__(self) -> None:
        check_index(self.index)
        if self.k < 1:
            raise InputError(f"k: must be at least 1, got {self.k}.")


def export(
    study: Study, folder: Path, wanted: Wanted, data_dir: Path | None = None
) -> dict[str, Any]:
    """Write the model into a new folder, whole or not at all, and return what its card says.

    The weights are the trial's kept ones; where they are gone it is trained again from its seed.
    """
    record = study.record()
    trial = _chosen(record, wanted.trial)
    if folder.exists():
        raise InputError(f"{folder}: must not exist yet; name another folder or remove it.")
    use_threads(study.threads)
    data = encoded_data(study.spec, study.folder, data_dir, study.fingerprint)
    trainer = _trained(study, data, trial)
    facts = _facts(record, trial, wanted) | _measured_again(study, data, trial, trainer)
    raw = raw_data(study.spec, data_dir) if wanted.refit or wanted.exclude_seen else None
    if raw and wanted.refit:
        data = _everything(raw)
        trainer = _trained_from_seed(data, trial)
    seen = _filter(study, data, raw) if raw and wanted.exclude_seen else None
    used = trainer.model.query_tower.features
    states = _asked(data, used, raw.schema.user if raw and seen else None)
    facts |= _serving_facts(data, wanted, states) | {
        "unknown_trained": _trains_unknown(data, used, trial)
    }
    fresh = folder.with_name(f".{folder.name}.{uuid4().hex}")
    try:
        _write(fresh, trainer, data, wanted, states, seen)
        (fresh / MANIFEST).write_text(json.dumps(facts, ensure_ascii=False, indent=1))
        (fresh / "README.md").write_text(card(facts))
        cost = measured(fresh)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return facts | {"cost": cost}


def _chosen(record: StudyRecord, number: int | None) -> TrialRecord:
    if number is None:
        if record.best is None:
            raise InputError(
                f"study: {record.name!r} has no trial yet that completed and kept the "
                f"constraints; go on with `towersearch resume {quote(record.name)}`."
            )
        return record.best
    found = [trial for trial in record.trials if trial.number == number]
    if not found or found[0].state != "complete":
        completed = [str(trial.number) for trial in record.trials if trial.state == "complete"]
        choice = f"choose one of {', '.join(completed)}" if completed else "none has completed yet"
        raise InputError(f"trial: must be one that completed, got {number}; {choice}.")
    return found[0]


def _trained(study: Study, data: EncodedData, trial: TrialRecord) -> Trainer:
    """The trial's model at the epoch that speaks for it."""
    kept = checkpoints.load(study.artifacts.weights(trial.number))
    if kept is None or not _is_of(kept[1], data, trial):
        return _trained_from_seed(data, trial)
    trainer = Trainer(data, TowerConfig(**trial.params), int(trial.seed or 0))
    trainer.restore(kept[0])
    return trainer


def _is_of(notes: Mapping[str, Any], data: EncodedData, trial: TrialRecord) -> bool:
    expected = {"data": data.fingerprint, "config": dict(trial.config), "seed": trial.seed}
    return all(notes.get("trial", {}).get(key) == value for key, value in expected.items())


def _trained_from_seed(data: EncodedData, trial: TrialRecord) -> Trainer:
    trainer = Trainer(data, TowerConfig(**trial.params), int(trial.seed or 0))
    for epoch in range(1, int(trial.best_epoch or 0) + 1):
        trainer.train_epoch(epoch)
    return trainer


def _everything(raw: Dataset) -> EncodedData:
    rows = np.arange(len(raw.interactions[raw.schema.candidate]))
    return encode(raw, {"train": rows, "validation": rows[:0], "test": rows[:0]}, fit_on_all=True)


def _facts(record: StudyRecord, trial: TrialRecord, wanted: Wanted) -> dict[str, Any]:
    return {
        "format": 1,
        "study": record.name,
        "trial": trial.number,
        "seed": trial.seed,
        "epochs": trial.best_epoch,
        "config": dict(trial.config),
        "data": dict(record.data),
        "split": Split(**record.spec["data"]["split"]).acting,
        "exclude_seen_measured": record.spec["data"]["exclude_seen"],
        "metric": record.objectives[0],
        "recorded": trial.value,
        "refit": wanted.refit,
        "exclude_seen": wanted.exclude_seen,
        "index": wanted.index,
        "versions": dict(record.provenance["versions"]),
    }


def _measured_again(
    study: Study, data: EncodedData, trial: TrialRecord, trainer: Trainer
) -> dict[str, Any]:
    """The objective of the very weights that are exported, and its interval over users."""
    metric = study.spec.study.objective[0]
    ranking = trainer.evaluate("validation", seen_candidates(study.spec, data))
    values = measure(ranking.ranks, data.n_candidates)
    if metric not in values:
        return {"value": trial.value, "interval": None}
    users = data.users[data.parts["validation"]]
    resampling = Resampling(np.unique(users, return_counts=True)[1].tolist())
    sample = resampling.sample([by_user(metric, ranking.ranks, users)])
    return {"value": values[metric], "interval": resampling.estimate(sample).over_users}


def _asked(data: EncodedData, used: Set[str], user: str | None) -> list[State]:
    """The query features to ask for: those that the tower takes, and the user of the filter."""
    states = [state for state in data.encoders if state["side"] == "query"]
    return [state for state in states if state["name"] in used or state["column"] == user]


def _serving_facts(data: EncodedData, wanted: Wanted, states: Sequence[State]) -> dict[str, Any]:
    inputs = inputs_of(states)
    return {
        "k": min(wanted.k, data.n_candidates),
        "inputs": {inputs[state["column"]]: FORMS[state["kind"]] for state in states},
        "times": {
            state["name"]: [_date(state["boundaries"][end]) for end in (0, -1)]
            for state in states
            if state["kind"] == "time"
        },
    }


def _trains_unknown(data: EncodedData, used: Set[str], trial: TrialRecord) -> bool:
    """Whether training took, by chance or for lack of a row, an id of each feature for unknown."""
    rows = data.parts["train"]
    ids = used & {state["name"] for state in data.encoders if state["kind"] == "id"}
    dropped = bool(trial.params.get("id_dropout"))
    return dropped or not any(data.queries[name][rows].all() for name in ids)


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(sep=" ", timespec="minutes")


def _filter(study: Study, data: EncodedData, raw: Dataset) -> SeenFilter:
    user, inputs = raw.schema.user, inputs_of(data.encoders)
    if user is None or user not in inputs:
        raise InputError(
            f"exclude_seen: needs the user among the query features of {study.name!r}, got "
            f"{', '.join(inputs) or 'none'}; export without it."
        )
    rows = data.parts["train"]
    return SeenFilter(
        inputs[user], raw.interactions[user][rows], data.positives[rows], data.n_candidates
    )


def _write(
    place: Path,
    trainer: Trainer,
    data: EncodedData,
    wanted: Wanted,
    states: Sequence[State],
    seen: SeenFilter | None,
) -> None:
    k = min(wanted.k, data.n_candidates)
    vectors, ids = trainer.candidate_vectors(), data.candidate_ids
    queries = QueryTower(states, trainer.model.query_tower)
    index = Index(wanted.index, vectors, k + (seen.most if seen else 0))
    save(Recommender(queries, index, ids.tolist(), k, seen), place / MODEL)
    save(queries, place / "query_tower")
    (place / "candidates").mkdir()
    np.save(place / "candidates" / "embeddings.npy", vectors.numpy(), allow_pickle=False)
    np.save(place / "candidates" / "ids.npy", ids, allow_pickle=False)
