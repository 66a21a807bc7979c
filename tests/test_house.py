"""The house is as its plan in docs/design.md draws it: rooms, walls, and short functions."""

from __future__ import annotations

import ast
import importlib
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from benchmarks.shape import shape

ROOT = Path(__file__).parents[1]
PACKAGES = ("spaces", "search", "reports")
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}
DESIGN = (ROOT / "docs" / "design.md").read_text()
(PLAN,) = re.findall(r"## The rooms\n.*?```\n(.*?)```", DESIGN, re.DOTALL)
DRAWN = [name.rstrip("/") for name in re.findall(r"^(\w[\w/.]*)  ", PLAN, re.MULTILINE)]


def room(module: str) -> str:
    """The room of a module: `spaces`, `reports`, or what lies in `search`."""
    parts = module.split(".")
    if parts[0] != "search" or len(parts) == 1:
        return parts[0]
    inside = FILES[f"search.{parts[1]}"].name == "__init__.py"
    return f"search/{parts[1]}" + ("" if inside else ".py")


def imported(module: str) -> set[str]:
    """The modules of the house that a module imports, at once or later."""
    names = set()
    for node in ast.walk(ast.parse(FILES[module].read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: imports are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    names = {name for name in names if name in FILES}
    return {name for name in names if not any(other.startswith(f"{name}.") for other in names)}


def test_every_room_is_drawn_once_and_every_drawn_room_exists() -> None:
    assert sorted(DRAWN) == sorted({room(module) for module in FILES} - {"search"})


@pytest.mark.parametrize("module", FILES)
def test_a_room_imports_only_rooms_that_are_drawn_below_it(module: str) -> None:
    if module == "search":
        return
    below = DRAWN[DRAWN.index(room(module)) :]
    assert {room(name) for name in imported(module)} <= set(below)


def test_no_imports_go_round_in_a_circle() -> None:
    TopologicalSorter({module: imported(module) - {module} for module in FILES}).prepare()


def test_only_the_room_of_tensorflow_names_it() -> None:
    door = re.compile(r"^\s*(import|from) (tensorflow|tf_keras|tensorflow_recommenders)\b", re.M)
    doors = [module for module, path in FILES.items() if door.search(path.read_text())]
    assert doors == ["search.tensorflow"]


@pytest.mark.parametrize("module", FILES)
def test_a_module_opens_with_a_sentence_and_says_what_is_public(module: str) -> None:
    tree = ast.parse(FILES[module].read_text())
    docstring = ast.get_docstring(tree)
    if module != "search":
        assert docstring
        assert docstring.splitlines()[0].endswith((".", "?"))
    loaded = importlib.import_module(module)
    public = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    }
    assert public <= set(getattr(loaded, "__all__", []))
    assert all(hasattr(loaded, name) for name in getattr(loaded, "__all__", []))


@pytest.mark.parametrize("package", PACKAGES)
def test_functions_and_files_are_short(package: str) -> None:
    found = shape(ROOT / package)
    assert found.body(0.5) < 10
    assert found.body(0.95) <= 40
    assert sum(body > 50 for body in found.bodies) < 0.03 * len(found.bodies)
    assert max(found.files) < 300
