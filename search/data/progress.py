"""A progress bar on a terminal's standard error, for what may take minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

__all__ = ["Advance", "bar"]

Advance = Callable[[int], None]


@contextmanager
def bar(title: str, rows: int | None = None) -> Iterator[Advance]:
    """Show how many rows are done, of all `rows` where that is known; nothing where piped."""
    console = Console(stderr=True)
    shown = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:,.0f} rows"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with shown:
        task = shown.add_task(title, total=rows)
        yield lambda done: shown.advance(task, done)
