"""KerasTuner's Hyperband oracle: its brackets resumed from a record, and sized to a study."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import count, pairwise
from typing import Any

from keras_tuner import oracles

from search.tuners.stages import Stage

__all__ = ["HyperbandOracle"]


class HyperbandOracle(oracles.HyperbandOracle):  # type: ignore[misc]
    """Goes through its brackets again and again, so that all of them take `trials` trials.

    Where a round stays short, since trials of it failed or the space has no further configuration,
    as large a share of those that completed goes on; KerasTuner would leave them where they are.

    KerasTuner's own sizes are kept in their proportions. They are gone through
    `hyperband_iterations` times in `trials`, by default as often as brings them nearest to
    KerasTuner's. Should the study go on beyond `trials`, the brackets begin anew.
    """

    def __init__(self, *, trials: int, hyperband_iterations: int = 0, **settings: Any) -> None:
        self._started: list[Any] = []
        self._drawn_out = False
        self._scale = 1.0
        super().__init__(hyperband_iterations=0, **settings)
        iterations = hyperband_iterations or max(1, round(trials / self._trials()))
        self._fit(trials / iterations)

    def populate_space(self, trial_id: str) -> dict[str, Any]:
        """A trial to go on with, else a new configuration; None as `values` where neither is."""
        found: dict[str, Any] | None = self._promotion(trial_id)
        found = found or super().populate_space(trial_id)
        if found.get("values") is None:
            self._drawn_out = True
            found = self._promotion(trial_id) or found
        return found

    def resume(self, stages: Iterable[tuple[str, Stage]]) -> None:
        """Put trials, in the order of their numbers, where their stages say that they were."""
        for trial_id, stage in stages:
            while len(self._started) <= stage.bracket:
                self._increment_bracket_num()
                self._start_new_bracket()
            parent = None if stage.parent is None else str(stage.parent)
            place = self._started[stage.bracket]["rounds"][stage.round]
            place.append({"past_id": parent, "id": trial_id})

    def stage(self, trial_id: str) -> Stage:
        """Where `populate_space` has put a trial."""
        return next(
            Stage(
                bracket=place,
                round=number,
                until=self._get_epochs(bracket["bracket_num"], number),
                parent=None if entry["past_id"] is None else int(entry["past_id"]),
            )
            for place, bracket in enumerate(self._started)
            for number, entries in enumerate(bracket["rounds"])
            for entry in entries
            if entry["id"] == trial_id
        )

    def _promotion(self, trial_id: str) -> dict[str, Any] | None:
        """The best that is left of a round that has ended, where the next has room for it."""
        for bracket in self._started:
            number, rounds = bracket["bracket_num"], bracket["rounds"]
            share = min(1.0, len(rounds[0]) / self._get_size(number, 0))
            if share < 1 and not self._drawn_out:
                continue
            for place, (past, chosen) in enumerate(pairwise(rounds), start=1):
                ended = [self.trials[entry["id"]] for entry in past]
                if any(trial.status == "RUNNING" for trial in ended):
                    break
                taken = {entry["past_id"] for entry in chosen}
                left = [t for t in ended if t.status == "COMPLETED" and t.trial_id not in taken]
                if left and len(chosen) < math.ceil(share * self._get_size(number, place)):
                    best = self._best(left)
                    chosen.append({"past_id": best.trial_id, "id": trial_id})
                    return {"status": "RUNNING", "values": best.hyperparameters.values.copy()}
        return None

    def _best(self, trials: list[Any]) -> Any:
        choose = max if self.objective.direction == "max" else min
        return choose(trials, key=lambda trial: trial.score)

    def _start_new_bracket(self) -> None:
        super()._start_new_bracket()
        self._started.append(self._brackets[-1])

    def _get_size(self, bracket_num: int, round_num: int) -> int:
        own: int = super()._get_size(bracket_num, round_num)
        return math.ceil(self._scale * own)

    def _trials(self) -> int:
        """How many trials all brackets take."""
        return sum(
            self._get_size(bracket, number)
            for bracket in range(self._get_num_brackets())
            for number in range(bracket + 1)
        )

    def _fit(self, trials: float) -> None:
        """Take the least scale, in hundredths, at which the brackets hold so many trials."""
        for hundredths in count(1):
            self._scale = hundredths / 100
            if self._trials() >= trials:
                return
