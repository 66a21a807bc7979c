"""What the `[study]` and `[data]` tables of a spec may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from search.data.files import Files
from search.data.schema import Feature
from search.data.splits import Split
from search.spec.errors import check_keys
from spaces import InputError
from spaces.toml import entries

__all__ = ["DataTable", "StudyTable"]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _split(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    check_keys("split", value, [field.name for field in fields(Split)])
    return Split(**value)


def _features(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    return tuple(_feature(name, entry) for name, entry in value.items())


def _feature(name: str, entry: object) -> Feature:
    if not isinstance(entry, Mapping) or not {"kind", "side"} <= entry.keys():
        raise InputError(f"{name}: must be a table with a kind and a side, got {entry!r}.")
    check_keys(name, entry, [field.name for field in fields(Feature)][1:])
    return Feature(name=name, **entry)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class StudyTable(_Table):
    """The `[study]` table; `trials` is the total, however often the study is resumed.

    `objective` is one name or several, the first a measure; `constraints` has a bound a name.
    `target` and `give_up_after` (trials without improvement) end the study earlier.
    A configuration that kills its worker is tried again `retries` times; `failures_in_a_row` failed
    trials stop the study, 0 never.
    `confirms` names the study whose finalists this one trains anew, for `towersearch confirm`.
    """

    name: str = Field(default="", max_length=200)
    objective: Annotated[list[str], BeforeValidator(_listed)] = ["top_100_accuracy"]
    constraints: dict[str, Any] = {}
    tuner: str
    tuner_options: dict[str, Any] = {}
    pruner: str = "hyperband"
    trials: int = Field(default=30, ge=1)
    target: float | None = Field(default=None, allow_inf_nan=False)
    give_up_after: int | None = Field(default=None, ge=1)
    seed: int = Field(default=42, ge=0, lt=1 << 32)
    value_at: Literal["best", "last", "first"] = "best"
    allocate_by: Literal["", "depth"] = ""
    confirms: str = ""
    retries: int = Field(default=2, ge=0)
    failures_in_a_row: int = Field(default=10, ge=0)


class DataTable(_Table):
    """The `[data]` table; `exclude_seen` takes a query's training candidates out of its ranking.

    With `features`, `source` is a file or folder of interactions, and the rest says what is in it
    (`search.data.files.Files`).
    """

    source: str = "movielens-small"
    split: Annotated[Split, BeforeValidator(_split)] = Split()
    exclude_seen: bool = False
    candidates: str = ""
    queries: str = ""
    candidate: str = ""
    user: str = ""
    time: str = ""
    weight: str = ""
    licence: str = ""
    features: Annotated[tuple[Feature, ...], BeforeValidator(_features)] = ()

    @property
    def origin(self) -> str | Files:
        """What `search.data.sources.load` takes: a source's name, or the user's own files."""
        if not self.features:
            return self.source
        told = {field.name: getattr(self, field.name) for field in fields(Files)[1:]}
        return Files(self.source, **told)

    def to_table(self) -> dict[str, Any]:
        """The table as plain data."""
        table = {key: value for key, value in self.model_dump().items() if value not in ("", ())}
        table["split"] = asdict(self.split)
        if self.features:
            table["features"] = {feature.name: feature.as_table() for feature in self.features}
        return table

    def to_toml(self) -> str:
        """The table as TOML text."""
        table = self.to_table()
        features = table.pop("features", {})
        text = f"[data]\n{entries(table)}"
        return f"{text}\n[data.features]\n{entries(features)}" if features else text

    @classmethod
    def of(cls, files: Files) -> DataTable:
        """The table of the user's own files."""
        told = {field.name: getattr(files, field.name) for field in fields(files)[1:]}
        return cls(source=files.interactions, **told)
