from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from plotly.offline import get_plotlyjs

import reports
from reports import render, summarize, write
from spaces.errors import InputError
from tests.reports.studies import AWKWARD, HOSTILE, awkward, study

SECTIONS = [
    "answer",
    "depth",
    "tries",
    "epochs",
    "widths",
    "learning-rate",
    "importance",
    "parallel",
    "slices",
    "cost",
    "progress",
    "failures",
    "trials",
    "agreement",
    "protocol",
    "ran",
]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(page)
    return parser.found


def unpacked(page: str, name: str) -> str:
    found = re.search(rf'<script [^>]*id="{name}"[^>]*>"([^"]*)"</script>', page)
    assert found is not None
    return zlib.decompress(base64.b64decode(found[1])).decode()


def test_the_public_names_are_those_of_the_design() -> None:
    assert sorted(reports.__all__) == [
        "check_path",
        "compare",
        "figures",
        "render",
        "summarize",
        "write",
    ]


def test_importing_reports_loads_no_tensorflow() -> None:
    code = "import sys, reports; print({'tensorflow', 'optuna', 'keras_tuner'} & {*sys.modules})"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


def test_sections_come_in_order() -> None:
    found = [attributes["id"] for tag, attributes in tags(render(study())) if tag == "section"]
    assert found == SECTIONS


def test_the_page_holds_the_data_once_and_plotly_once() -> None:
    page = render(study())
    assert unpacked(page, "plotly") == get_plotlyjs()
    assert json.loads(unpacked(page, "data"))["summary"] == json.loads(
        json.dumps(summarize(study()))
    )
    assert len(re.findall(r"<script", page)) == 3


def test_the_page_refers_to_nothing_outside() -> None:
    for _, attributes in tags(render(study())):
        assert (attributes.get("href") or "#").startswith("#")
        assert "src" not in attributes


def test_the_same_study_gives_the_same_page() -> None:
    assert render(study()) == render(study())


def test_sentences_and_numbers_stand_in_the_page_itself() -> None:
    page = render(study())
    assert "The best of 46 completed trials is trial 1" in page
    assert "Best top‑100 accuracy by depth: 0.38256 at depth 1" in page
    assert page.count("<summary>Numbers</summary>") == page.count("<figure") == 13


def test_a_page_is_live_where_that_is_asked_for() -> None:
    written = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
    assert '<html lang="en" data-live="2026-03-01T10:30:00+00:00">' in render(
        study(5), live=written
    )
    assert '<html lang="en">' in render(study(5, budget=6))


def test_what_ran_is_told() -> None:
    page = render(study())
    for fact in (
        "towersearch run study.toml",
        "9f2c61d07b3e",
        "tensorflow: 2.21.0",
        "train: 80,000",
    ):
        assert fact in page


@pytest.mark.parametrize("name", AWKWARD)
def test_an_awkward_study_has_every_section(name: str) -> None:
    found = [
        attributes["id"] for tag, attributes in tags(render(awkward(name))) if tag == "section"
    ]
    several = ["objectives"] if name == "two objectives" else []
    assert found == [SECTIONS[0], *several, *SECTIONS[1:]]


def test_hostile_text_adds_no_tag_and_no_attribute() -> None:
    def shape(page: str) -> set[Any]:
        return {(tag, *sorted(name for name in attributes)) for tag, attributes in tags(page)}

    page = render(awkward("hostile"))
    assert HOSTILE not in page
    assert shape(page) <= shape(render(study()))


def test_the_page_stays_small() -> None:
    assert len(render(study(100)).encode()) < 2_500_000


def test_ten_thousand_trials_are_written_small_and_soon_in_little_memory(tmp_path: Path) -> None:
    code = """if True:
        import pathlib, re, sys, time
        from reports import write
        from tests.reports.studies import study
        record, begun = study(10_000), time.process_time()
        write(record, sys.argv[1])
        peak = re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]
        print(time.process_time() - begun, peak, "tensorflow" in sys.modules)
    """
    path = tmp_path / "report.html"
    command = [sys.executable, "-c", code, str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, kilobytes, tensorflow = ran.stdout.split()
    assert path.stat().st_size < 3_500_000
    assert float(seconds) < 10
    assert int(kilobytes) < 500_000
    assert tensorflow == "False"


def test_a_written_page_is_the_rendered_one_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("<!doctype html>old")
    write(study(5), path)
    assert path.read_text(encoding="utf-8") == render(study(5))
    assert [*tmp_path.iterdir()] == [path]


def test_a_file_that_is_no_page_is_never_written_over(tmp_path: Path) -> None:
    place = tmp_path / "studies.db"
    place.write_bytes(b"SQLite format 3")
    with pytest.raises(InputError, match=r"^report: must be a new file or take an HTML page's pl"):
        write(study(3), place)
    assert place.read_bytes() == b"SQLite format 3"


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("no/r.html", r"^report: must lie in an existing folder, got '.*/no/r\.html'\.$"),
        (".", r"^report: must be a file that can be written, got '.*'\.$"),
    ],
)
def test_a_page_that_has_no_place_is_refused(place: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        write(study(3), tmp_path / place)


def test_a_page_that_cannot_be_put_in_place_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.html"
    path.write_text("<!doctype html>old")

    def refuse(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="disk full"):
        write(study(1), path)
    assert path.read_text() == "<!doctype html>old"
    assert [*tmp_path.iterdir()] == [path]
