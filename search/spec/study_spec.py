"""StudySpec: all that a study is, stored whole."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from search.goals import DIRECTIONS, Constraint, constraint
from search.spec.tables import DataTable, StudyTable
from spaces import SearchSpace
from spaces.model import DEFAULTS
from spaces.toml import entries, to_table

__all__ = ["StudySpec"]


@dataclass(frozen=True)
class StudySpec:
    """A study, resolved: nothing in it depends on a preset or a default any more.

    `first` holds the configurations to try before the tuner proposes any.
    """

    study: StudyTable
    data: DataTable
    space: SearchSpace
    first: tuple[Mapping[str, Any], ...]

    @property
    def directions(self) -> list[Literal["maximize", "minimize"]]:
        """The objectives' directions, as Optuna says them."""
        return [
            "maximize" if DIRECTIONS[name] == "max" else "minimize" for name in self.study.objective
        ]

    @property
    def constraints(self) -> list[Constraint]:
        """The bounds that a trial must keep to be the best."""
        return [constraint(name, text) for name, text in self.study.constraints.items()]

    @property
    def epochs(self) -> int:
        """The most epochs that a trial may train."""
        grid = self.space["epochs"].grid() if "epochs" in self.space else [DEFAULTS["epochs"]]
        return max(int(epochs) for epochs in grid)

    @property
    def part(self) -> Literal["validation", "test"]:
        """The part that trials are measured on; "test" also puts validation into training."""
        return "test" if self.study.confirms else "validation"

    def training_seed(self, number: int) -> int:
        """The seed of trial `number`; all finalists of a confirmation share those of a round."""
        if self.study.confirms:
            round_ = number // len(self.first)
            return zlib.crc32(f"{self.study.seed}/{round_}/confirmation".encode())
        return zlib.crc32(f"{self.study.seed}/{number}/training".encode())

    @property
    def shares(self) -> int:
        """How many shares `allocate_by` deals the trials to."""
        name = self.study.allocate_by
        return len(self.space[name].grid()) if name else 1

    @property
    def limit(self) -> int | None:
        """How many trials there can be at most: a grid's points, as many in each share."""
        if self.study.tuner != "optuna.grid":
            return None
        name = self.study.allocate_by
        if not name:
            return self.space.count()
        counts = [self.space.fix(**{name: value}).count() for value in self.space[name].grid()]
        return self.shares * min(counts)

    def to_table(self) -> dict[str, Any]:
        """The spec as plain data, from which `spec_from_table` makes the same spec again."""
        return {
            "study": {
                key: value
                for key, value in self.study.model_dump().items()
                if value not in ("", {}, None)
            },
            "data": self.data.to_table(),
            "space": to_table(self.space),
            "first": [dict(config) for config in self.first],
        }

    def to_toml(self) -> str:
        """The spec as TOML text that `towersearch run` takes."""
        tables = self.to_table()
        headed = [("[study]", tables["study"]), ("[space]", tables["space"])]
        headed += [("[[first]]", config) for config in tables["first"]]
        study, *rest = [f"{head}\n{entries(table)}" for head, table in headed]
        return "\n".join([study, self.data.to_toml(), *rest])
