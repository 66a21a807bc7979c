"""The commands for a model that serves: `export` and `recommend`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from search.commands.options import Artifacts, DataDir, Json, Name, Storage, open_study, place_of
from spaces import InputError

__all__ = ["export", "recommend"]


def export(
    name: Name,
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    trial: Annotated[int | None, typer.Option(help="A trial's number; else the best.")] = None,
    k: Annotated[int, typer.Option("-k", help="Candidates in an answer.")] = 100,
    index: Annotated[str, typer.Option(help="brute_force or scann.")] = "brute_force",
    exclude_seen: Annotated[
        bool, typer.Option("--exclude-seen", help="Leave a user's training candidates out.")
    ] = False,
    refit: Annotated[
        bool, typer.Option("--refit", help="Train once more, on all interactions.")
    ] = False,
    storage: Storage = None,
    artifacts: Artifacts = None,
    data_dir: DataDir = None,
) -> None:
    """Write a trial's model as a SavedModel that answers raw queries, with its embeddings.

    Example: towersearch export movielens-small-towers model --refit
    """
    from search.commands import show
    from search.serving.export import Wanted
    from search.serving.export import export as write

    wanted = Wanted(trial, k, index, exclude_seen, refit)
    show.exported(
        folder, write(open_study(name, place_of(storage, artifacts)), folder, wanted, data_dir)
    )


def recommend(
    folder: Annotated[Path, typer.Argument(help="A folder that `towersearch export` wrote.")],
    query: Annotated[
        list[str] | None, typer.Argument(help="INPUT=VALUE ...; what is not given is missing.")
    ] = None,
    k: Annotated[int, typer.Option("-k", help="How many candidates.")] = 10,
    batch: Annotated[
        Path | None,
        typer.Option(help="A CSV or Parquet file of queries, a column for each input."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Ask an exported model for a query's candidates, or for those of a file of queries.

    Example: towersearch recommend model -k 10 user_id=42 timestamp=1999-12-31
    """
    from search.commands import show
    from search.serving.answers import Served

    if batch and query:
        raise InputError("query: must be given as words or as --batch, got both; leave one out.")
    served = Served(folder)
    queries = served.read(str(batch)) if batch else served.parse(query or [])
    if batch and (lacking := served.lacking(str(batch))):
        print(f"{batch}: has no column {', '.join(lacking)}, taken as missing.", file=sys.stderr)
    answers = served.answer(queries, k)
    if as_json:
        show.as_json(answers if batch else answers[0])
    else:
        show.answers(answers)
