"""The shape of Python packages: how long files and functions are, and what is documented."""

from __future__ import annotations

import argparse
import ast
import io
import statistics
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Shape", "shape"]

_HEAD = (
    "| code | files | lines | file: median / longest | body: median / p90 / p95 / longest | "
    "over 50 | public docstrings | return annotations | comment lines |"
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Shape:
    """Lines of each file, lines of each function's body, and three shares.

    A body is a function without its signature and docstring. `documented` is the share of public
    functions, methods and classes with a docstring, `annotated` that of functions with a return
    annotation, `comments` that of lines that hold a comment.
    """

    files: list[int]
    bodies: list[int]
    documented: float
    annotated: float
    comments: float

    def row(self, name: str) -> str:
        """The cells of a Markdown table."""
        long = statistics.fmean(body > 50 for body in self.bodies)
        body = " / ".join(f"{self.body(share)}" for share in (0.5, 0.9, 0.95, 1.0))
        return (
            f"| {name} | {len(self.files)} | {sum(self.files):,} | "
            f"{statistics.median(self.files):.0f} / {max(self.files)} | {body} | {long:.1%} | "
            f"{self.documented:.0%} | {self.annotated:.0%} | {self.comments:.1%} |"
        )

    def body(self, share: float) -> int:
        """The length that this share of the bodies does not exceed."""
        return sorted(self.bodies)[max(0, round(share * len(self.bodies)) - 1)]


def shape(folder: Path) -> Shape:
    """Of all Python files in a folder."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))]
    nodes = [node for text in texts for node in ast.walk(ast.parse(text))]
    functions = [node for node in nodes if isinstance(node, Function)]
    public = [
        ast.get_docstring(node) is not None
        for node in nodes
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_")
    ]
    files = [len(text.splitlines()) for text in texts]
    return Shape(
        files,
        [_body(function) for function in functions],
        statistics.fmean(public),
        statistics.fmean(function.returns is not None for function in functions),
        sum(len(set(_commented(text))) for text in texts) / sum(files),
    )


def _body(function: Function) -> int:
    statements = function.body[ast.get_docstring(function) is not None :]
    if not statements:
        return 0
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1


def _commented(text: str) -> Iterator[int]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0]


def _main(folders: Sequence[Path]) -> None:
    print(_HEAD)
    print("|---" * _HEAD.count(" | ") + "|---|")
    for folder in folders:
        print(shape(folder).row(folder.name))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Print a Markdown table of packages' shapes.")
    own = [Path("spaces"), Path("search"), Path("reports")]
    parser.add_argument("folders", nargs="*", type=Path, default=own)
    _main(parser.parse_args().folders)
