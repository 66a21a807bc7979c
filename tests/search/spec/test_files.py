from __future__ import annotations

from pathlib import Path

import pytest

from search.spec import read_first, read_spec
from spaces import InputError


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[study\n", r"spec: .* is not TOML: .*line 1"),
        ("[study]\ntrials = = 3\n", r"spec: .* is not TOML: .*line 2"),
        ("[study]\ntrials = 3\ntrials = 4\n", r"spec: .* is not TOML: .*line 3"),
    ],
)
def test_a_syntax_error_names_its_line(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "spec.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_spec(path)


def test_a_spec_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"spec: must be an existing file, got '.*none\.toml'\."):
        read_spec(tmp_path / "none.toml")
    with pytest.raises(InputError, match=r"spec: .* cannot be read: "):
        read_spec(tmp_path)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"spec: .* cannot be read: "):
        read_spec(tmp_path / "bytes")


def test_a_file_to_enqueue_has_configurations_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "first.toml"
    path.write_text("[[first]]\ndepth = 1\n[[first]]\ndepth = 2\n")
    assert read_first(path) == [{"depth": 1}, {"depth": 2}]
    path.write_text("[study]\ntrials = 3\n")
    message = r"enqueue: .*first\.toml' must have tables headed \[\[first\]\] .*, got study\."
    with pytest.raises(InputError, match=message):
        read_first(path)
    path.write_text("first = [1, 2]\n")
    with pytest.raises(InputError, match=r"enqueue: .* headed \[\[first\]\] .*, got first\."):
        read_first(path)
