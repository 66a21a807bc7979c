"""What a confirmation found: means with intervals, comparisons by question, plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

from search.confirmation.intervals import Difference, Estimate, Resampling, Sample
from search.records import StudyRecord, TrialRecord
from spaces import InputError

__all__ = ["Comparison", "Confirmation", "Entrant", "confirmation", "readings"]

POPULAR = "popularity"


@dataclass(frozen=True)
class Entrant:
    """A finalist or a baseline, measured on the test part; a baseline has no configuration."""

    label: str
    sample: Sample
    estimate: Estimate
    depth: str = ""
    roles: tuple[str, ...] = ()
    promised: float | None = None
    config: Mapping[str, Any] | None = None

    @property
    def seeds(self) -> int:
        """How many runs the mean is of."""
        return len(self.sample.means)


@dataclass(frozen=True)
class Comparison:
    """One entrant against another, as one of the comparisons that answer a question together."""

    question: str
    first: Entrant
    second: Entrant
    difference: Difference


@dataclass(frozen=True)
class Confirmation:
    """Everything that a confirmation has to say; `failed` of its trainings did."""

    metric: str
    finalists: Sequence[Entrant]
    baselines: Sequence[Entrant]
    comparisons: Sequence[Comparison]
    failed: int = 0

    @property
    def ranked(self) -> list[Entrant]:
        """Finalists and baselines, best first."""
        return sorted((*self.finalists, *self.baselines), key=lambda e: -e.estimate.mean)

    def about(self, question: str) -> list[Comparison]:
        """The comparisons that answer a question."""
        return [c for c in self.comparisons if c.question == question]

    def as_list(self) -> list[dict[str, Any]]:
        """One mapping a finalist, as `confirm --json` prints them."""
        return [self._as_dict(finalist) for finalist in self.finalists]

    def _as_dict(self, finalist: Entrant) -> dict[str, Any]:
        promised = finalist.promised
        return {
            "label": finalist.label,
            "roles": finalist.roles,
            "config": finalist.config,
            "depth": finalist.depth,
            "metric": self.metric,
            **asdict(finalist.estimate),
            "seeds": finalist.seeds,
            "promised": promised,
            "over_promised": None if promised is None else promised - finalist.estimate.mean,
            "comparisons": [
                {"question": c.question, "with": c.second.label, **asdict(c.difference)}
                for c in self.comparisons
                if c.first is finalist
            ],
        }


def confirmation(record: StudyRecord) -> Confirmation:
    """What the completed trials of a study that confirms another tell.

    An `InputError` where there is none yet.
    """
    found = record.confirmation
    done = [trial for trial in record.trials if trial.state == "complete"]
    if not done:
        raise InputError(
            f"study: {record.name!r} has measured nothing on the test part yet; go on with "
            f"`towersearch resume {record.name}`."
        )
    resampling = Resampling(found["counts"])
    finalists = list(_finalists(resampling, found["finalists"], done))
    baselines = [
        _entrant(resampling, [sums], label=name) for name, sums in found["baselines"].items()
    ]
    return Confirmation(
        metric=record.objectives[0],
        finalists=finalists,
        baselines=baselines,
        comparisons=[
            comparison
            for question, pairs in _QUESTIONS.items()
            for comparison in _compared(resampling, question, pairs(finalists, baselines))
        ],
        failed=record.count("failed"),
    )


def readings(records: Sequence[StudyRecord]) -> dict[str, int]:
    """How often studies have read the test part: by `trainings` and by `baselines`."""
    return {
        "trainings": sum(len(trial.by_user) > 0 for r in records for trial in r.trials),
        "baselines": sum(len(r.confirmation["baselines"]) for r in records),
    }


def _finalists(
    resampling: Resampling, known: Sequence[Mapping[str, Any]], done: Sequence[TrialRecord]
) -> Iterator[Entrant]:
    for place, finalist in enumerate(known):
        runs = [trial.by_user for trial in done if trial.number % len(known) == place]
        if runs:
            named = {name: finalist[name] for name in ("label", "depth", "promised", "config")}
            yield _entrant(resampling, runs, roles=tuple(finalist["roles"]), **named)


def _entrant(resampling: Resampling, runs: Sequence[Sequence[float]], **named: Any) -> Entrant:
    sample = resampling.sample(runs)
    return Entrant(sample=sample, estimate=resampling.estimate(sample), **named)


Pairs = list[tuple[Entrant, Entrant]]


def _compared(resampling: Resampling, question: str, pairs: Pairs) -> list[Comparison]:
    found = resampling.differences([(first.sample, second.sample) for first, second in pairs])
    return [
        Comparison(question, *pair, difference)
        for pair, difference in zip(pairs, found, strict=True)
    ]


def _depths(finalists: Sequence[Entrant], _: Sequence[Entrant]) -> Pairs:
    """The best of each depth against the best of each other one, the deeper first."""
    chosen = sorted(_with_role("depth", finalists), key=lambda entrant: entrant.depth)
    return [(deeper, other) for other, deeper in combinations(chosen, 2)]


def _rivals(finalists: Sequence[Entrant], baselines: Sequence[Entrant]) -> Pairs:
    """The search's best against each baseline and each of the tutorial's models."""
    return [
        (best, rival)
        for best in _with_role("best", finalists)
        for rival in (*baselines, *_with_role("tutorial", finalists))
    ]


def _runners_up(finalists: Sequence[Entrant], _: Sequence[Entrant]) -> Pairs:
    """The search's best against the others of its best few."""
    return [
        (best, other)
        for best in _with_role("best", finalists)
        for other in _with_role("top", finalists)
        if other is not best
    ]


def _popular(finalists: Sequence[Entrant], baselines: Sequence[Entrant]) -> Pairs:
    """Every finalist against the most popular candidates."""
    return [(f, line) for line in baselines if line.label == POPULAR for f in finalists]


_QUESTIONS: Mapping[str, Callable[[Sequence[Entrant], Sequence[Entrant]], Pairs]] = {
    "depths": _depths,
    "rivals": _rivals,
    "runners_up": _runners_up,
    "popularity": _popular,
}


def _with_role(role: str, finalists: Sequence[Entrant]) -> list[Entrant]:
    return [finalist for finalist in finalists if role in finalist.roles]
