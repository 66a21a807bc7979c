"""The commands that show what there is to choose: `spaces`, `data`, `doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from search.commands.options import DataDir

__all__ = ["data", "doctor", "spaces"]


def spaces(name: Annotated[str | None, typer.Argument(help="A preset's name.")] = None) -> None:
    """List the presets, or print one as a study's TOML file to start from.

    Example: towersearch spaces full
    """
    from search.commands import show
    from search.resolve import resolve
    from spaces import PRESETS

    if name is None:
        show.table(["preset", "searches"], [[p.name, p.summary] for p in PRESETS.values()])
    else:
        print(resolve({"space": {"preset": name}}).to_toml(), end="")


def data(
    source: Annotated[
        str | None, typer.Argument(help="A source's name, or a file or tfds:NAME of interactions.")
    ] = None,
    candidates: Annotated[str, typer.Option(help="A file or folder of candidates.")] = "",
    queries: Annotated[
        str, typer.Option(help="A file or folder of queries' features, a row for each user.")
    ] = "",
    data_dir: DataDir = None,
) -> None:
    """List the sources of data, describe one, or propose the tables for files of your own.

    Example: towersearch data orders.csv --candidates products.csv > study.toml
    """
    from search.commands import show
    from search.data.proposal import propose
    from search.data.sources import SOURCES, load
    from search.data.tfds_tables import TFDS

    if source is None:
        show.table(["source", "what it is"], list(SOURCES.items()))
    elif source not in SOURCES and (source.startswith(TFDS) or Path(source).exists()):
        proposal = propose(source, candidates, queries, data_dir)
        show.proposal(proposal, load(proposal.files, data_dir))
    else:
        show.dataset(load(source, data_dir))


def doctor() -> None:
    """Show what is installed, what can be chosen, and whether TensorFlow works here.

    Example: towersearch doctor
    """
    from search.commands import show
    from search.commands.doctor import diagnose

    for title, rows in diagnose():
        show.table([title, ""], rows)
