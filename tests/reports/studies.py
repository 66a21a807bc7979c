"""Synthetic studies, seeded: a plausible one of any size, and the awkward ones."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from search.records import StudyRecord, TrialRecord

__all__ = ["AWKWARD", "HOSTILE", "awkward", "of_values", "study"]

HOSTILE = (
    '</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1"><b>bold</b>'
    "'\"&amp;\n\u202eright to left\u2028 {{ 7*7 }} %{x} ${1}"
)
_START = datetime(2026, 3, 1, 9, tzinfo=UTC)
_RATES = {"adagrad": 0.08, "adam": 0.004, "sgd": 0.3}


def study(
    trials: int = 60, *, seed: int = 7, direction: str = "max", **changes: Any
) -> StudyRecord:
    """A study in which depth 2 is a little better, with pruned and failed trials among the rest."""
    rng = random.Random(seed)
    record = StudyRecord(
        name="movielens-towers",
        objectives=("top_100_accuracy",),
        directions=(direction,),
        budget=trials,
        spec={
            "space": {
                "depth": {"integer": [1, 4]},
                "learning_rate": {"real": [1e-4, 0.5], "log": True},
            }
        },
        spec_toml='[study]\nname = "movielens-towers"\ntrials = 60\n',
        data={
            "source": "movielens/100k",
            "fingerprint": "9f2c61d07b3e",
            "licence": "GroupLens research licence",
            "queries": 943,
            "candidates": 1664,
            "interactions": {"train": 80_000, "validation": 10_000, "test": 10_000},
        },
        baselines={
            "popularity": {"top_100_accuracy": 0.2989},
            "random": {"top_100_accuracy": 0.06},
        },
        provenance={
            "command": "towersearch run study.toml",
            "versions": {"tensorflow": "2.21.0", "tensorflow-recommenders": "0.7.7"},
            "device": "CPU",
            "threads": 2,
            "created": _START.isoformat(),
        },
        trials=tuple(_trial(n, rng) for n in range(trials)),
    )
    return replace(record, **changes)


def of_values(values: Sequence[float | None], depths: Sequence[int], **changes: Any) -> StudyRecord:
    """A study of completed trials with these values at these depths, and nothing else."""
    trials = tuple(
        TrialRecord(n, "complete", params={"depth": depth}, config={"depth": depth}, value=value)
        for n, (value, depth) in enumerate(zip(values, depths, strict=True))
    )
    record = StudyRecord("plain", ("top_10_accuracy",), ("max",), len(values), trials=trials)
    return replace(record, **changes)


def _trial(number: int, rng: random.Random) -> TrialRecord:
    params = _params(rng)
    state = rng.choices(("complete", "pruned", "failed"), (0.7, 0.25, 0.05))[0]
    started = _START + timedelta(seconds=97 * number)
    record = TrialRecord(
        number=number,
        state=state,
        params=params,
        config={**params, "output_dim": 32, "batch_size": 1024, "epochs": 12},
        seed=rng.randrange(2**31),
        started=started.isoformat(),
        finished=(started + timedelta(seconds=30 + 40 * params["depth"])).isoformat(),
        cost=_cost(params, rng),
    )
    if state == "failed":
        return replace(record, error="loss is not finite at epoch 2")
    return replace(record, **_measured(params, 12 if state == "complete" else 4, rng))


def _params(rng: random.Random) -> dict[str, Any]:
    depth, optimizer = rng.randint(1, 4), rng.choice([*_RATES])
    params = {
        "depth": depth,
        "optimizer": optimizer,
        "learning_rate": math.exp(rng.uniform(math.log(1e-4), math.log(0.5))),
        "embedding_dim": rng.choice([16, 32, 64, 128]),
        "dropout": rng.uniform(0, 0.5),
    }
    if depth > 1:
        params |= {"width": rng.choice([32, 64, 128]), "activation": rng.choice(["relu", "gelu"])}
    if optimizer == "sgd":
        params["momentum"] = rng.uniform(0, 0.99)
    return params


def _cost(params: dict[str, Any], rng: random.Random) -> dict[str, float | None]:
    size = 84_000 * params["embedding_dim"] // 32 + params.get("width", 32) ** 2 * params["depth"]
    return {
        "train_seconds": 12 + 9 * params["depth"] + size / 3e4 + rng.random() * 6,
        "evaluate_seconds": 2 + rng.random(),
        "parameters": size,
        "bytes": 4 * size,
        "peak_bytes": 310_000_000 + 16 * size,
        "examples_per_second": 52_000 / params["depth"],
    }


def _measured(params: dict[str, Any], epochs: int, rng: random.Random) -> dict[str, Any]:
    miss = abs(math.log(params["learning_rate"] / _RATES[params["optimizer"]]))
    top = 0.405 - 0.008 * abs(params["depth"] - 2) - 0.018 * miss + rng.gauss(0, 0.007)
    curve = [_point(epoch, max(top, 0.06), miss, rng) for epoch in range(1, epochs + 1)]
    best = max(curve, key=lambda point: point["top_100_accuracy"])
    metrics = {name: value for name, value in best.items() if name != "epoch"}
    value = best["top_100_accuracy"]
    return {
        "curve": curve,
        "best_epoch": best["epoch"],
        "metrics": metrics,
        "value": value,
        "values": (value,),
    }


def _point(epoch: int, top: float, miss: float, rng: random.Random) -> dict[str, Any]:
    reached = top * (1 - math.exp(-epoch / (1.6 + miss / 2))) - 0.0012 * max(epoch - 8, 0)
    accuracy = max(reached + rng.gauss(0, 0.0015), 0.001)
    return {
        "epoch": epoch,
        "train_loss": 7.1 * math.exp(-0.12 * epoch) + 0.4,
        "loss": 7.2 * math.exp(-0.1 * epoch) + 0.7 + 0.01 * epoch,
        "top_1_accuracy": accuracy / 40,
        "top_10_accuracy": accuracy / 5,
        "top_50_accuracy": accuracy / 1.6,
        "top_100_accuracy": accuracy,
        "mrr": accuracy / 15,
        "ndcg_10": accuracy / 12,
    }


def _hostile() -> StudyRecord:
    usual = study(6)
    long = HOSTILE + "x" * 10_000
    first = replace(usual.trials[0], state="failed", value=None, error=long, curve=())
    others = [
        replace(t, params={**t.params, HOSTILE: HOSTILE, "long": "y" * 10_000})
        for t in usual.trials[1:]
    ]
    return replace(
        usual,
        name=HOSTILE,
        spec_toml=HOSTILE,
        data={"source": HOSTILE, HOSTILE: HOSTILE},
        baselines={HOSTILE: {"top_100_accuracy": 0.3}},
        provenance={"command": HOSTILE, "versions": {HOSTILE: HOSTILE}},
        trials=(first, *others),
    )


def _all(**changes: Any) -> StudyRecord:
    usual = study(12)
    return replace(usual, trials=tuple(replace(t, **changes) for t in usual.trials))


def _nothing_finite() -> StudyRecord:
    curve = [{"epoch": 1, "top_100_accuracy": None, "loss": None}]
    return _all(
        state="complete", value=None, values=(None,), curve=curve, best_epoch=None, metrics={}
    )


def _constant() -> StudyRecord:
    curve = [{"epoch": 1, "top_100_accuracy": 0.25, "loss": 1.0}]
    metrics = {"top_100_accuracy": 0.25, "loss": 1.0}
    return _all(
        state="complete", value=0.25, values=(0.25,), curve=curve, metrics=metrics, best_epoch=1
    )


def _two_objectives() -> StudyRecord:
    usual = study(20, objectives=("top_100_accuracy", "train_seconds"), directions=("max", "min"))
    both = (replace(t, values=(t.value, t.cost["train_seconds"])) for t in usual.trials)
    return replace(usual, trials=tuple(both))


def _losses() -> StudyRecord:
    usual = study(20, objectives=("loss",), direction="min", baselines={})
    turned = (
        replace(t, value=t.metrics.get("loss"), values=(t.metrics.get("loss"),))
        for t in usual.trials
    )
    return replace(usual, trials=tuple(turned))


def _split_depths() -> StudyRecord:
    usual = study(20)
    params = [{"query_depth": n % 3 + 1, "candidate_depth": n % 2 + 1} for n in range(20)]
    pairs = zip(usual.trials, params, strict=True)
    return replace(usual, trials=tuple(replace(t, params=p, config=p) for t, p in pairs))


AWKWARD: dict[str, Callable[[], StudyRecord]] = {
    "no trials": lambda: study(0),
    "one trial": lambda: study(1, seed=1),
    "all failed": lambda: _all(
        state="failed", value=None, values=(), curve=(), metrics={}, error="out of memory"
    ),
    "all running": lambda: _all(
        state="running", value=None, values=(), curve=(), metrics={}, finished=None
    ),
    "nothing finite": _nothing_finite,
    "constant metric": _constant,
    "two objectives": _two_objectives,
    "minimised": _losses,
    "split depths": _split_depths,
    "bare": lambda: StudyRecord(
        "bare", ("mrr",), ("max",), 1, trials=(TrialRecord(0, "complete", value=0.1),)
    ),
    "hostile": _hostile,
}


def awkward(name: str) -> StudyRecord:
    """The awkward study of that name."""
    return AWKWARD[name]()
