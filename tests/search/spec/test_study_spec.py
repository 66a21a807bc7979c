from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from search.resolve import resolve, spec_from_table
from search.spec import read_spec
from spaces import PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_a_resolved_spec_reads_back_from_its_table_and_from_its_toml(
    name: str, tmp_path: Path
) -> None:
    spec = resolve({"space": {"preset": name}})
    assert spec_from_table(spec.to_table()) == spec
    path = tmp_path / "spec.toml"
    path.write_text(spec.to_toml())
    table, text = read_spec(path)
    assert resolve(table, text=text) == spec


def test_objectives_and_constraints_read_back() -> None:
    study = {"objective": ["mrr", "parameters"], "constraints": {"bytes": "<= 1e6"}}
    spec = resolve({"study": study, "space": {"preset": "towers"}})
    assert spec.directions == ["maximize", "minimize"]
    assert resolve(tomllib.loads(spec.to_toml())) == spec
    assert spec_from_table(spec.to_table()) == spec


def test_a_grid_dealt_to_depths_ends_with_the_smallest_depths() -> None:
    space = {"depth": {"integer": [1, 3]}, "width": {"choice": [8, 16]}}
    table = {"tuner": "optuna.grid", "allocate_by": "depth"}
    spec = resolve({"study": table, "space": space, "first": []})
    assert (spec.space.count(), spec.limit) == (5, 3)  # width acts from depth 2 on


def test_the_most_epochs_are_those_of_the_space_or_the_models_default() -> None:
    assert resolve({"space": {"preset": "tutorial"}}).epochs == 300
    assert resolve({"space": {"depth": {"integer": [1, 2]}}}).epochs == 20
