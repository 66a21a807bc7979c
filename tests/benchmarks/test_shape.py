from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.shape import shape

ONE = '''"""A module."""


def documented(
    number: int,
) -> int:
    """Says so."""
    # a comment
    doubled = 2 * number  # and another

    return doubled


class Public:
    def method(self): pass
'''
TWO = "def _private() -> str: return '# no comment'\n"


def test_bodies_leave_out_signature_and_docstring(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(ONE)
    (tmp_path / "two.py").write_text(TWO)
    found = shape(tmp_path)
    assert found.files == [15, 1]
    assert sorted(found.bodies) == [1, 1, 3]  # the assignment, the empty line, the return
    assert found.documented == pytest.approx(1 / 3)  # of documented, Public and method
    assert found.annotated == pytest.approx(2 / 3)
    assert found.comments == pytest.approx(2 / 16)
    assert found.row("x") == "| x | 2 | 16 | 8 / 15 | 1 / 3 / 3 / 3 | 0.0% | 33% | 67% | 12.5% |"


def test_a_share_of_bodies_is_the_length_that_it_does_not_exceed(tmp_path: Path) -> None:
    for length in range(1, 21):
        lines = "\n".join(["    x = 1"] * length)
        (tmp_path / f"f{length}.py").write_text(f"def f():\n{lines}\n")
    found = shape(tmp_path)
    assert [found.body(share) for share in (0.5, 0.9, 0.95, 1.0)] == [10, 18, 19, 20]
