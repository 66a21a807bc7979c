"""The answer of a study in a few sentences, each of which its data can carry."""

from __future__ import annotations

from reports.importance import Influence
from reports.summarize import Baseline, Best, Summary
from reports.wording import count, label, number, short
from search.records import ENDED

__all__ = ["answer", "budget", "deeper", "mattered"]

_LISTED = 12
_LONG = 9


def answer(summary: Summary) -> list[str]:
    """What was best, against which line, whether deeper helped, and how far to trust it."""
    best = summary["best"]
    if best is None:
        return [_nothing(summary)]
    lines = [_best(summary, best), *(_against(best, line) for line in summary["baselines"][:1])]
    lines += [deeper(summary), *mattered(summary), *budget(summary)]
    if best["error"] is not None:
        lines.append(_precision(summary, best, best["error"]))
    return [*lines, *_several(summary), _caution(summary)]


def deeper(summary: Summary) -> str:
    """Whether deeper was better, and how sure that is."""
    rows = [row for row in summary["depths"] if row["n"]]
    if len(rows) < 2:
        return "Every completed trial has the same depth, so this study says nothing about depth."
    found = summary["deeper"]
    if found is None:
        n = sum(row["n"] for row in rows)
        return f"Whether deeper is better cannot be told from {count(n, 'completed trial')}."
    verdict = "made no clear difference"
    if found["low"] > 0:
        verdict = "tended to be better"
    elif found["high"] < 0:
        verdict = "tended to be worse"
    return (
        f"Deeper {verdict}: over {count(found['n'], 'completed trial')} the rank correlation of "
        f"depth with quality is {_signed(found['correlation'])} "
        f"(95% interval {_signed(found['low'])} to {_signed(found['high'])})."
    )


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
        f"What mattered most is {_named(summary, first)}{beside}: shuffling it costs a random "
        f"forest {number(first['mean'], 2)} of the variance ({spread})."
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
    place = f"The best trial came in place {ended.index(best['row']) + 1:,} of {len(ended):,}"
    if best["row"] not in late:
        return [f"{place}, and the last third did not improve on it: the budget seems enough."]
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
    return f"No trial has completed with a value yet ({', '.join(ended) or 'none has started'})."


def _best(summary: Summary, best: Best) -> str:
    params = [f"{short(label(k), 30)} {short(number(v), 30)}" for k, v in best["params"].items()]
    chosen = ", ".join(params[:_LISTED]) + (" and more" if len(params) > _LISTED else "")
    at = "" if best["epoch"] is None else f" at epoch {best['epoch']}"
    return (
        f"The best of {count(summary['counts']['complete'], 'completed trial')} is trial "
        f"{best['number']} ({chosen or 'no parameter varied'}): validation "
        f"{label(summary['objective'])} {number(best['value'])}{at}."
    )


def _against(best: Best, line: Baseline) -> str:
    gap = best["value"] - line["value"]
    side = "above" if gap > 0 else "below"
    relative = f" ({abs(gap) / line['value']:.1%})" if line["value"] > 0 else ""
    distance = f"{number(abs(gap), 3)}{relative} {side}" if gap else "exactly on"
    return f"That is {distance} the {short(label(line['name']))} line at {number(line['value'])}."


def _precision(summary: Summary, best: Best, error: float) -> str:
    n, near = summary["data"]["interactions"]["validation"], best["near"]
    rivals = "no other completed trial is within two of it"
    if near:
        rivals = f"{count(near, 'other completed trial')} within two of it may be as good"
    return (
        f"On {n:,} validation interactions a value carries a standard error of at least "
        f"{number(error, 2)}; {rivals}."
    )


def _several(summary: Summary) -> list[str]:
    if len(summary["objectives"]) == 1:
        return []
    many, first = len(summary["objectives"]), label(summary["objective"])
    return [f"The study has {many} objectives; best, ranks and charts follow the first, {first}."]


def _caution(summary: Summary) -> str:
    return (
        "Validation data chose this trial, so its value flatters it: on data that no trial was "
        "chosen by, expect less."
    )
