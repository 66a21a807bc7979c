"""Every sentence that refuses something is tested with its words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
ERRORS = {"InputError", "StorageError"}


def words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"\\\\(.)", r"\\1", text.lower())))


def literals(message: ast.expr) -> Iterator[str]:
    """What a message says whatever its values are."""
    for node in ast.walk(message):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield words(node.value)


def refusals() -> Iterator[tuple[str, list[str]]]:
    """Where a sentence is raised, and its fixed parts of some length."""
    for package in ("spaces", "search", "reports"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = getattr(node.func, "id", "")
                if name in ERRORS or name == "require":
                    parts = [part for part in literals(node.args[-1]) if len(part) >= 10]
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", parts


def said(part: str, tested: str) -> bool:
    """Whether four words of it in a row, or all of fewer, stand in a test."""
    these = part.split()
    length = min(4, len(these))
    starts = range(len(these) - length + 1)
    return any(" ".join(these[at : at + length]) in tested for at in starts)


def test_every_refusal_is_tested_with_its_words() -> None:
    texts = [
        words(node.value)
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    tested = " | ".join(texts)
    found = [(place, parts) for place, parts in refusals() if parts]
    assert len(found) > 100
    assert [place for place, parts in found if not any(said(p, tested) for p in parts)] == []
