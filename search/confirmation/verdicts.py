"""A confirmation's findings in words: plain sentences, and the cells of its table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from search.confirmation.findings import Comparison, Confirmation, Entrant
from search.summaries import count, named, number

__all__ = ["of_readings", "row", "sentences"]

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

Naming = Callable[[Entrant], str]


def sentences(found: Confirmation) -> Iterator[str]:
    """Depths, rivals, runners-up, promises, what is missing, and whether anything beats a list."""
    yield from _of_depths(found.about("depths"))
    yield from (_verdict(c, _label, _label) for c in found.about("rivals"))
    yield from _of_runners_up(found.about("runners_up"))
    yield from _of_promises(found.finalists)
    yield from _of_trainings(found)
    against = found.about("popularity")
    if against and not any(c.difference.interval[0] > 0 for c in against):
        yield "Nothing beats popularity."


def row(entrant: Entrant) -> list[str]:
    """What, promised, test, the intervals over users, seeds and both, and the number of seeds."""
    estimate = entrant.estimate
    layers = f", {_layers(entrant)}" if entrant.promised is not None else ""
    return [
        f"{_label(entrant)}{layers}",
        number(entrant.promised),
        number(estimate.mean),
        _short(estimate.over_users),
        _short(estimate.over_seeds),
        _short(estimate.interval if estimate.over_seeds else None),
        str(entrant.seeds) if entrant.config else "",
    ]


def of_readings(read: Mapping[str, int], where: str = "") -> str:
    """How often the test part has been read, and by what; `where`, if not by all there is."""
    return (
        f"The test part has been read{where} {count(sum(read.values()), 'time')}, by "
        f"{count(read['trainings'], 'training')} and {count(read['baselines'], 'baseline')}."
    )


def _bounds(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.4f} to {interval[1]:.4f}"


def _short(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f"{interval[0]:.3f}–{interval[1]:.3f}"


def _of_depths(comparisons: Sequence[Comparison]) -> Iterator[str]:
    if len(comparisons) > 1 and not any(c.difference.told_apart for c in comparisons):
        largest = max(comparisons, key=lambda c: abs(c.difference.by))
        yield f"The data do not tell the depths apart (largest {_size(largest)})."
    else:
        yield from (_verdict(c, _layers, _number_word) for c in comparisons)


def _of_runners_up(comparisons: Sequence[Comparison]) -> Iterator[str]:
    alike = [c for c in comparisons if not c.difference.told_apart]
    yield from (_verdict(c, _label, _label) for c in comparisons if c.difference.told_apart)
    if alike:
        others = ", ".join(c.second.label for c in alike)
        yield f"The data do not tell {alike[0].first.label} from {others}."


def _of_promises(finalists: Sequence[Entrant]) -> Iterator[str]:
    promises = [(f, f.promised) for f in finalists if f.promised is not None]
    for finalist, promised in promises:
        if "best" in finalist.roles:
            mean = finalist.estimate.mean
            yield (
                f"The search promised {promised:.4f} for {finalist.label}, the test part gives "
                f"{mean:.4f}: {_too_much(promised - mean)}."
            )
    if len(promises) > 1:
        n = len(promises)
        over = sum(promised - finalist.estimate.mean for finalist, promised in promises) / n
        yield f"Over its {n} finalists the search promised {_too_much(over)} on average."


def _of_trainings(found: Confirmation) -> Iterator[str]:
    if all(finalist.seeds == 1 for finalist in found.finalists):
        yield (
            "Each model was trained on one seed: the intervals tell what other users would change, "
            "not what another seed would."
        )
    if found.failed:
        yield f"{count(found.failed, 'training')} failed, and the means are of the others."


def _too_much(over: float) -> str:
    return f"{abs(over):.4f} too {'much' if over > 0 else 'little'}"


def _verdict(comparison: Comparison, subject: Naming, other: Naming) -> str:
    ahead, behind = comparison.first, comparison.second
    if comparison.difference.by < 0:
        ahead, behind = behind, ahead
    if not comparison.difference.told_apart:
        size = _size(comparison)
        return f"The data do not tell {subject(ahead)} from {other(behind)} ({size})."
    verb = "beat" if subject(ahead).endswith("layers") else "beats"
    low, high = sorted(map(abs, comparison.difference.interval))
    said = f"{subject(ahead)} {verb} {other(behind)} by {abs(comparison.difference.by):.4f}"
    return f"{said[0].upper()}{said[1:]} (95% interval {_bounds((low, high))})."


def _size(comparison: Comparison) -> str:
    """How large a difference is, the one that is ahead first."""
    low, high = comparison.difference.interval
    if comparison.difference.by < 0:
        low, high = -high, -low
    return f"difference {abs(comparison.difference.by):.4f}, 95% interval {_bounds((low, high))}"


def _label(entrant: Entrant) -> str:
    return named(entrant.label)


def _layers(entrant: Entrant) -> str:
    return f"{_number_word(entrant)} {'layer' if entrant.depth == '1' else 'layers'}"


def _number_word(entrant: Entrant) -> str:
    return " and ".join(
        _WORDS[int(depth)] if int(depth) < len(_WORDS) else depth
        for depth in entrant.depth.split(" and ")
    )
