"""The answer of a study in a few sentences, each of which its data can carry."""

from __future__ import annotations

import math
from collections.abc import Sequence

from reports.columns import completed
from reports.depths import DepthRow
from reports.importance import Influence
from reports.statistics import NORMAL, accuracy_error
from reports.summarize import Baseline, Best, Summary
from reports.wording import label, number, short
from search.records import ENDED
from search.summaries import count, named

__all__ = ["ahead", "answer", "budget", "cautions", "deeper", "mattered"]

_LISTED = 12
_CAUTIONS = {
    "validation": (
        "Validation data chose this trial, so its value flatters it: on data that no trial was "
        "chosen by, expect less."
    ),
    "test": (
        "The luckiest training of the best configuration is no estimate of it: its mean over the "
        "seeds, in the confirmation's table, is."
    ),
}
_LONG = 9


def answer(summary: Summary) -> list[str]:
    """What was best, against which line, whether deeper helped, what mattered, what is left."""
    best = summary["best"]
    if best is None:
        return [_nothing(summary)]
    lines = [_best(summary, best), *_against(best, summary["baselines"])]
    lines += [deeper(summary), *ahead(summary), *mattered(summary), *budget(summary)]
    return [*lines, *_several(summary)]


def cautions(summary: Summary) -> list[str]:
    """How far to trust the answer."""
    best = summary["best"]
    if best is None:
        return []
    precision = [] if best["error"] is None else [_precision(summary, best)]
    return [*precision, _CAUTIONS[summary["part"]]]


def deeper(summary: Summary) -> str:
    """Whether deeper was better, and how sure that is."""
    rows = [row for row in summary["depths"] if row["n"]]
    if len(rows) < 2:
        trial = f"completed trial{_kept(summary)}"
        return f"Every {trial} has the same depth, so this study says nothing about depth."
    found = summary["deeper"]
    if found is None:
        n = sum(row["n"] for row in rows)
        return f"Whether deeper is better cannot be told from {_candidates(summary, n)}."
    verdict = "made no clear difference"
    if found["low"] > 0:
        verdict = "tended to be better"
    elif found["high"] < 0:
        verdict = "tended to be worse"
    return (
        f"Deeper {verdict}: over {_candidates(summary, found['n'])} the rank correlation of "
        f"depth with quality is {_signed(found['correlation'])} "
        f"(95% interval {_signed(found['low'])} to {_signed(found['high'])}), whatever else varied."
    )


def ahead(summary: Summary) -> list[str]:
    """How far the best depth's best trial is ahead of the next depth's, and how sure that is."""
    column = summary["columns"]["value"]
    known = [row for row in summary["depths"] if row["best"] is not None]
    first_two = sorted(known, key=lambda r: r["best"] or 0.0, reverse=not column["lower"])[:2]
    if len(first_two) < 2:
        return []
    first, second = first_two
    tops = [row["best"] or 0.0 for row in first_two]
    errors = [accuracy_error(top, column["sample"]) for top in tops]
    gap = abs(tops[0] - tops[1])
    told = (
        f"The best trial of depth {first['depth']} is {number(gap, 3)} better than that of depth "
        f"{second['depth']}, the next{_unequally_tried(first, second)}"
    )
    if errors[0] is None or errors[1] is None:
        return [f"{told}."]
    error = math.hypot(*(each for each in errors if each is not None))
    verdict = "more than" if gap > 2 * error else "no more than"
    return [f"{told}: {verdict} two standard errors of that difference, {number(error, 2)} each."]


def _unequally_tried(first: DepthRow, second: DepthRow) -> str:
    tried, others = (row["n"] + row["pruned"] + row["failed"] for row in (first, second))
    if tried <= others:
        return ""
    return f" (of {tried:,} tries against {others:,}, and more find better ones by luck alone)"


def mattered(summary: Summary) -> list[str]:
    """Which parameter mattered most, where there are trials enough to tell."""
    found = summary["importance"]
    if found is None:
        return []
    first, *others = found["influences"]
    if found["explained"] <= 0 or first["low"] <= 0:
        return ["No parameter is known to have mattered more than chance."]
    rivals = [_named(summary, each) for each in others if each["high"] >= first["low"]]
    beside = f", and perhaps as much {', '.join(rivals[:3])}" if rivals else ""
    spread = f"{number(first['low'], 2)} to {number(first['high'], 2)} in nine of ten refits"
    told = (
        f"What mattered most is {_named(summary, first)}{beside}: shuffling it raises a random "
        f"forest's error by {number(first['mean'], 2)} of the variance between trials ({spread})."
    )
    return [told]


def budget(summary: Summary) -> list[str]:
    """Whether the budget was enough, as far as the last third of the trials shows it."""
    columns, best = summary["columns"], summary["best"]
    states, rank = columns["state"]["values"], columns["rank"]["values"]
    ended = [row for row, state in enumerate(states) if state in ENDED]
    if best is None or len(ended) < _LONG:
        return []
    late = {*ended[-(len(ended) // 3) :]}
    early = [r for r in ended if states[r] == "complete" and r not in late and rank[r] is not None]
    place = f"The best trial was try {ended.index(best['row']) + 1:,} of {len(ended):,}"
    if best["row"] not in late:
        return [
            f"{place}; the last third did not improve on it, a hint that the budget was enough."
        ]
    if not early:
        return [f"{place}, and none before the last third completed: more trials may find better."]
    before = columns["value"]["values"][min(early, key=rank.__getitem__)]
    gain = number(abs(best["value"] - before), 2)
    return [f"{place}, and the last third improved the best by {gain}: more may find better."]


def _named(summary: Summary, influence: Influence) -> str:
    return short(label(summary["columns"][influence["column"]]["label"]), 30)


def _signed(correlation: float) -> str:
    return f"{correlation:.2f}".replace("-", "−")


def _nothing(summary: Summary) -> str:
    ended = [f"{n:,} {state}" for state, n in summary["counts"].items() if n]
    kept = " and kept the constraints" if summary["counts"]["complete"] else ""
    return (
        f"No trial has completed with a value{kept} yet ({', '.join(ended) or 'none has started'})."
    )


def _best(summary: Summary, best: Best) -> str:
    params = [f"{short(label(k), 30)} {short(number(v), 30)}" for k, v in best["params"].items()]
    chosen = ", ".join(params[:_LISTED]) + (" and more" if len(params) > _LISTED else "")
    at = "" if best["epoch"] is None else f" at epoch {best['epoch']}"
    error = best["error"]
    ends = (
        [] if error is None else [number(best["value"] + z * error, 4) for z in (-NORMAL, NORMAL)]
    )
    interval = f" (95% interval {' to '.join(ends)})" if ends else ""
    return (
        f"The best of {_candidates(summary, len(completed(summary['columns'])))} is trial "
        f"{best['number']} ({chosen or 'no parameter varied'}): {summary['part']} "
        f"{label(summary['objective'])} {number(best['value'])}{interval}{at}."
    )


def _candidates(summary: Summary, n: int) -> str:
    return f"{count(n, 'completed trial')}{_kept(summary)}"


def _kept(summary: Summary) -> str:
    """What is said of completed trials where some others broke a constraint."""
    return "" if all(summary["columns"]["feasible"]["values"]) else " that kept the constraints"


def _against(best: Best, lines: Sequence[Baseline]) -> list[str]:
    """How far above the strongest line the best is, and above popularity."""
    told_of = [*lines[:1], *(line for line in lines[1:] if line["name"] == "popularity")]
    told = " and ".join(_distance(best, line) for line in told_of)
    return [f"That is {told}."] if told_of else []


def _distance(best: Best, line: Baseline) -> str:
    gap = best["value"] - line["value"]
    side = "above" if gap > 0 else "below"
    relative = f" ({abs(gap) / line['value']:.1%})" if line["value"] > 0 else ""
    distance = f"{number(abs(gap), 3)}{relative} {side}" if gap else "exactly on"
    return f"{distance} the {named(line['name'])} line at {number(line['value'])}"


def _precision(summary: Summary, best: Best) -> str:
    n, near = summary["columns"]["value"]["sample"], best["near"]
    rivals = "no other completed trial is within two standard errors of it"
    if near:
        rivals = f"{count(near, 'other completed trial')} within two standard errors may be as good"
    return (
        f"The interval takes the {n:,} measured interactions as independent and the seed as "
        f"given, so it is too narrow: a user's interactions go together, seeds differ; {rivals}."
    )


def _several(summary: Summary) -> list[str]:
    if len(summary["objectives"]) == 1:
        return []
    many, first = len(summary["objectives"]), label(summary["objective"])
    on = sum(place is not None for place in summary["columns"]["front"]["values"])
    told = (
        f"The study has {many} objectives, and {count(on, 'completed trial')} on their Pareto "
        f"front; best, ranks and most charts follow the first, {first}."
    )
    return [told]
