"""What a study and its trials leave behind: storage -> plain frozen data -> pandas."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from itertools import count, takewhile
from operator import ge
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from optuna.trial import FrozenTrial

__all__ = [
    "ENDED",
    "STATES",
    "StudyRecord",
    "TrialRecord",
    "attributes",
    "finite",
    "joined",
    "pieces",
    "trial_record",
    "trials_frame",
]

ENDED = ("complete", "pruned", "failed")
STATES = (*ENDED, "running", "waiting")
_LONG = ("curve", "by_user")
_ELSEWHERE = {"number", "state", "params", "values", "constraints", *_LONG}
_PIECE = 30_000  # characters: MySQL holds 64 KB in a text, and a character may take two bytes


@dataclass(frozen=True)
class TrialRecord:
    """One training run of one configuration.

    `params` holds the space's active parameters, `config` the resolved model configuration.
    `value` is the first objective at `best_epoch`, `values` all objectives there. `curve` is one
    mapping an evaluated epoch: `epoch`, `train_loss`, `loss` and each metric; `metrics` is the
    curve's entry at `best_epoch` without `epoch`. `cost` has `train_seconds`, `evaluate_seconds`,
    `parameters`, `bytes`, `peak_bytes` and `examples_per_second`. `constraints` has by how much
    the trial breaks each of the study's constraints, 0 or less where it keeps it. Times are UTC in
    ISO 8601. What is unknown or not finite is None.

    Under Hyperband `stage` has `bracket`, `round`, the epoch `until` which it trains, and the
    number of its `parent`, if any: the trial that it goes on from, and whose curve and cost its
    own begin with. Of a study that confirms another, `by_user` is the sum of the objective over
    each user's test interactions, in the order of the users' numbers.
    """

    number: int
    state: str
    params: Mapping[str, Any] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    value: float | None = None
    values: Sequence[float | None] = ()
    best_epoch: int | None = None
    curve: Sequence[Mapping[str, float | None]] = ()
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    cost: Mapping[str, float | None] = field(default_factory=dict)
    constraints: Mapping[str, float] = field(default_factory=dict)
    stage: Mapping[str, int | None] = field(default_factory=dict)
    seed: int | None = None
    error: str | None = None
    started: str | None = None
    finished: str | None = None
    by_user: Sequence[float] = ()

    @property
    def feasible(self) -> bool:
        """Whether the trial keeps all constraints."""
        return all(excess <= 0 for excess in self.constraints.values())

    @property
    def epochs(self) -> int:
        """The epoch that it trains until: its configuration's last, or its stage's."""
        own: int = self.config["epochs"]
        return min(own, self.stage.get("until") or own)

    def as_dict(self) -> dict[str, Any]:
        """The record as plain JSON data."""
        return asdict(self)


@dataclass(frozen=True)
class StudyRecord:
    """A study: what was asked for, what it ran on, and its trials in order of number.

    `objectives` are metric names and `directions` "max" or "min" for each. `spec` is the resolved
    spec as plain data (`study`, `data` and `space` tables), `spec_toml` the same as TOML text.
    `data` describes the encoded data: `source`, `fingerprint`, `licence`, and counts of `users`,
    `candidates` and `interactions` (each `all` and by part). `baselines` maps a baseline's name to
    its metrics. `provenance` has `command`, `versions`, `device`, `threads`, `created`.
    `confirmation` is there where the study confirms another: `of`, that one's name; `finalists`, as
    `search.confirmation.finalists` describes them; `counts` of test interactions by user; and
    `baselines`, the sum of the objective by user for each baseline. An `exhausted` study's total is
    all that its tuner can propose.
    """

    name: str
    objectives: Sequence[str]
    directions: Sequence[str]
    budget: int
    spec: Mapping[str, Any] = field(default_factory=dict)
    spec_toml: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    baselines: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    trials: Sequence[TrialRecord] = ()
    confirmation: Mapping[str, Any] = field(default_factory=dict)
    exhausted: bool = False

    @property
    def part(self) -> str:
        """The part of the data that its values are measured on."""
        return "test" if self.confirmation else "validation"

    @property
    def continued(self) -> frozenset[int]:
        """The numbers of the trials that a completed one went on from, and so stands for."""
        parents = (t.stage.get("parent") for t in self.trials if t.state == "complete")
        return frozenset(parent for parent in parents if parent is not None)

    @property
    def once(self) -> StudyRecord:
        """The study with each line of descent once, by the trial that it led to."""
        continued = self.continued
        return replace(self, trials=[t for t in self.trials if t.number not in continued])

    @property
    def best(self) -> TrialRecord | None:
        """The candidate with the best value of the first objective; of equals, the first ranked."""
        return next(iter(self.ranked), None)

    @property
    def ranked(self) -> list[TrialRecord]:
        """The candidates, best by the first objective first, then by the others, then by number."""
        return sorted(self.candidates, key=self.merits, reverse=True)

    @property
    def candidates(self) -> list[TrialRecord]:
        """The completed trials that may be best: they keep all constraints, and none went on."""
        return [
            trial
            for trial in self.once.trials
            if trial.state == "complete" and trial.value is not None and trial.feasible
        ]

    @property
    def front(self) -> list[TrialRecord]:
        """The candidates that none equals or beats by every objective, best by the first first.

        Of equals by all objectives, the first. With one objective this is the best trial alone.
        """
        front: list[TrialRecord] = []
        for trial in self.ranked:
            merits = self.merits(trial)
            rivals = map(self.merits, front)  # whoever beats it came before it
            if not any(all(map(ge, rival, merits)) for rival in rivals):
                front.append(trial)
        return front

    def merits(self, trial: TrialRecord) -> list[float]:
        """The trial's values, signed so that more is better; what is unknown is worst."""
        signs = [1 if direction == "max" else -1 for direction in self.directions]
        return [
            -math.inf if value is None else sign * value
            for sign, value in zip(signs, trial.values or [trial.value], strict=False)
        ]

    @property
    def ended(self) -> int:
        """How many trials have completed, been pruned or failed."""
        return sum(self.count(state) for state in ENDED)

    def count(self, state: str) -> int:
        """How many trials are in the state."""
        return sum(trial.state == state for trial in self.trials)


def trials_frame(study: StudyRecord) -> pd.DataFrame:
    """One row a trial: number, state, value, then `params.*`, `metrics.*` and `cost.*` columns."""
    import pandas as pd

    return pd.DataFrame([_row(trial) for trial in study.trials])


def attributes(fields_: Mapping[str, Any]) -> dict[str, Any]:
    """A trial's fields as storage holds them: finite numbers, and what is long in pieces."""
    stored = {name: finite(value) for name, value in fields_.items() if name not in _LONG}
    for name in _LONG:
        if fields_.get(name):
            stored |= pieces(name, fields_[name])
    return stored


def pieces(name: str, value: Any) -> dict[str, str]:
    """A long value as storage holds it: JSON text, in attributes that are short enough for it."""
    text = json.dumps(finite(value))
    starts = range(0, len(text), _PIECE)
    return {f"{name}:{n}": text[start : start + _PIECE] for n, start in enumerate(starts)}


def joined(stored: Mapping[str, Any], name: str) -> Any:
    """The value that `pieces` cut up; None where it is not there."""
    texts = takewhile(bool, (stored.get(f"{name}:{number}", "") for number in count()))
    return json.loads("".join(texts) or "null")


def trial_record(trial: FrozenTrial, state: str) -> TrialRecord:
    """The record of a stored trial; what is long is only there, whole, once the trial has ended."""
    stored = trial.user_attrs
    long: dict[str, Any] = {
        name: joined(stored, name) or [] for name in _LONG if trial.state.is_finished()
    }
    known = {f.name for f in fields(TrialRecord)} - _ELSEWHERE
    own = {name: value for name, value in stored.items() if name in known}
    return TrialRecord(
        number=trial.number,
        state=state,
        params=dict(trial.params),
        values=finite(trial.values or []),
        constraints=finite(trial.constraints),
        **own,
        **long,
    )


def finite(value: Any) -> Any:
    """The value as JSON can hold it: what is not a finite number becomes None."""
    if isinstance(value, Mapping):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _row(trial: TrialRecord) -> dict[str, Any]:
    row = {"number": trial.number, "state": trial.state, "value": trial.value}
    row |= {"best_epoch": trial.best_epoch, "seed": trial.seed, "error": trial.error}
    for group in ("params", "metrics", "cost"):
        row |= {f"{group}.{name}": value for name, value in getattr(trial, group).items()}
    return row
