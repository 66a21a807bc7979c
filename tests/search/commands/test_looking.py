from __future__ import annotations

from pathlib import Path

from search.data.sources import SOURCES
from search.resolve import resolve
from search.spec import read_spec
from search.tuners import PRUNERS, TUNERS, default_tuner
from spaces import PRESETS
from tests.conftest import Towersearch


def test_presets_sources_and_choices_are_listed(towersearch: Towersearch) -> None:
    assert all(name in towersearch("spaces")[1] for name in PRESETS)
    assert all(name in towersearch("data")[1] for name in SOURCES)
    doctor = towersearch("doctor")[1]
    assert all(name in doctor for name in [*TUNERS, *PRUNERS, "tensorflow-recommenders"])
    assert "works" in doctor
    default = default_tuner()
    assert f"{default} {TUNERS[default]} (default)" in " ".join(doctor.split())
    assert doctor.count("(default)") == 1


def test_a_preset_prints_as_a_spec_that_runs(towersearch: Towersearch, tmp_path: Path) -> None:
    for name in PRESETS:
        (tmp_path / "spec.toml").write_text(towersearch("spaces", name)[1])
        table, text = read_spec(tmp_path / "spec.toml")
        assert resolve(table, text=text) == resolve({"space": {"preset": name}})
