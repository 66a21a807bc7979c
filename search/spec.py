"""StudySpec: all that a study is, read from TOML, resolved in one place, and stored whole."""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from search.data.files import Files
from search.data.schema import Feature
from search.data.splits import Split
from search.goals import DIRECTIONS, Constraint, constraint
from search.spec_errors import line_of, nearest, sentence
from search.spec_rules import check, unpruned
from search.tuners import check_installed, complete, defaults, fit
from spaces import InputError, Parameter, Preset, SearchSpace, for_model, preset
from spaces.model import DEFAULTS
from spaces.toml import entries, parameters, to_table

__all__ = ["DataTable", "StudySpec", "StudyTable", "read_first", "read_spec", "resolve"]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _split(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    known = [field.name for field in fields(Split)]
    for key in value:
        if key not in known:
            raise InputError(
                f"split: has no key {key!r}{nearest(key, known)}; its keys are {', '.join(known)}."
            )
    return Split(**value)


def _features(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    return tuple(_feature(name, entry) for name, entry in value.items())


def _feature(name: str, entry: object) -> Feature:
    known = [field.name for field in fields(Feature)][1:]
    if not isinstance(entry, Mapping) or not {"kind", "side"} <= entry.keys():
        raise InputError(f"{name}: must be a table with a kind and a side, got {entry!r}.")
    for key in entry:
        if key not in known:
            raise InputError(
                f"{name}: has no key {key!r}{nearest(key, known)}; its keys are {', '.join(known)}."
            )
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
    constraints: dict[str, str] = {}
    tuner: str = "optuna.tpe"
    tuner_options: dict[str, Any] = {}
    pruner: str = "median"
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
        """How many trials there can be at most: a grid's size, else None."""
        return self.space.count() if self.study.tuner == "optuna.grid" else None

    def to_table(self) -> dict[str, Any]:
        """The spec as plain data, from which `from_table` makes the same spec again."""
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

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> StudySpec:
        """Read back what `to_table` gave."""
        return _resolve(table, {})


def read_spec(path: Path) -> tuple[dict[str, Any], str]:
    """A spec file's tables and its text; an `InputError` where it cannot be read or is not TOML."""
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text), text
    except FileNotFoundError:
        raise InputError(f"spec: must be an existing file, got {str(path)!r}.") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"spec: {str(path)!r} is not TOML: {error}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"spec: {str(path)!r} cannot be read: {error}.") from None


def read_first(path: Path) -> list[Mapping[str, Any]]:
    """The configurations of a TOML file of `[[first]]` tables; an `InputError` for any other."""
    table, _ = read_spec(path)
    if list(table) != ["first"] or not isinstance(table["first"], list):
        raise InputError(
            f"enqueue: {str(path)!r} must have tables headed [[first]] and nothing else, "
            f"got {', '.join(table) or 'an empty file'}."
        )
    return [_mapping("first", config) for config in table["first"]]


def resolve(
    table: Mapping[str, Any],
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
    text: str = "",
    *,
    enqueued: Sequence[Mapping[str, Any]] = (),
    offered: Sequence[Mapping[str, Any]] = (),
) -> StudySpec:
    """Command line over file over preset over defaults.

    `table` is the file's tables; `overrides` what the command line gave, by table, with None for
    what it did not give; `text` the file's text, for the line in error messages. Ahead of the
    configurations that the study would begin with come the `enqueued`, which must be of its
    space, and those of the `offered` that are.
    """
    try:
        spec = _resolve(table, overrides or {})
        if spec.study.confirms:
            raise InputError(
                "study.confirms: is for `towersearch confirm` to write, got "
                f"{spec.study.confirms!r}; leave it out."
            )
        ahead = [_begun(spec.space, config) for config in enqueued]
        ahead += filter(None, (fit(spec.space, config) for config in offered))
        spec = replace(spec, first=_distinct([*ahead, *spec.first]))
        check_installed(spec.study.tuner)
    except InputError as error:
        raise InputError(f"{error}{line_of(text, str(error))}") from None
    return spec


def _resolve(table: Mapping[str, Any], overrides: Mapping[str, Mapping[str, Any]]) -> StudySpec:
    _known("spec", table, ("study", "data", "space", "first"))
    given = {name: dict(_mapping(name, table.get(name, {}))) for name in ("study", "data", "space")}
    for name, values in overrides.items():
        given[name] |= {key: value for key, value in values.items() if value is not None}
    chosen = preset(given["space"].pop("preset")) if "preset" in given["space"] else None
    asked = (dict(chosen.study) if chosen else {}) | given["study"]
    study = _parse(StudyTable, "study", asked)
    if "pruner" not in given["study"] and unpruned(study):
        study = study.model_copy(update={"pruner": "none"})
    data = _parse(DataTable, "data", (dict(chosen.data) if chosen else {}) | given["data"])
    space = _space(chosen, parameters(given["space"]))
    check(study, space)
    _check_data(data)
    if not study.name:
        name = f"{_called(data)}-{chosen.name if chosen else 'study'}"
        study = study.model_copy(update={"name": name})
    return StudySpec(study, data, space, _first(table.get("first"), chosen, study, space))


def _space(chosen: Preset | None, own: Mapping[str, Parameter]) -> SearchSpace:
    if not chosen and not own:
        raise InputError(
            "space: must name a preset or at least one parameter, got neither; "
            "for instance, --preset towers."
        )
    return for_model(chosen.space.replace(**own) if chosen else SearchSpace(**own))


def _parse(kind: Any, name: str, values: Mapping[str, Any]) -> Any:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise InputError(sentence(name, kind, error)) from None


def _check_data(data: DataTable) -> None:
    """Whether the table says all that reading the user's own files needs, or nothing of files."""
    if isinstance(data.origin, Files):
        return
    for key in ("candidates", "queries", "candidate", "user", "time", "licence"):
        if getattr(data, key):
            raise InputError(
                f"data.{key}: is for files with a [data.features] table, got none; "
                f"`towersearch data {data.source}` proposes one."
            )


def _called(data: DataTable) -> str:
    """A source's name, or its file's, without what a study's name cannot have."""
    if data.features:
        return Path(data.source).name.partition(".")[0]
    return data.source.replace("/", "-")


def _first(
    given: Any, chosen: Preset | None, study: StudyTable, space: SearchSpace
) -> tuple[Mapping[str, Any], ...]:
    """What to begin with: the file's configurations, the preset's that fit, or the defaults.

    A grid begins with its first point.
    """
    if given is None:
        fitting = (fit(space, config) for config in (chosen.first if chosen else ()))
        fitted = [config for config in fitting if config]
        is_grid = study.tuner.endswith(".grid")
        return tuple(fitted) if fitted or is_grid else (defaults(space),)
    if not isinstance(given, list):
        raise InputError(f"first: must be tables headed [[first]], got {given!r}.")
    return tuple(_begun(space, _mapping("first", config)) for config in given)


def _begun(space: SearchSpace, given: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration to begin with; what the space fixes need not be said again."""
    config = {name: value for name, value in complete(space, given).items() if value is not None}
    if reason := space.why_not(config | dict(given)):
        raise InputError(f"first: must be a configuration of the space: {reason}")
    return config


def _distinct(configs: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return tuple(config for n, config in enumerate(configs) if config not in configs[:n])


def _mapping(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InputError(f"{name}: must be a table, got {value!r}.")
    return value


def _known(place: str, table: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in table:
        if name not in names:
            raise InputError(
                f"{place}: has no table {name!r}{nearest(name, names)}; "
                f"its tables are {', '.join(names)}."
            )
