"""The commands that read studies: `list`, `status`, `trials`, `best`, `report`."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from search.commands.options import Json, Name, Storage, place_of, read_study
from spaces import InputError

__all__ = ["best", "list_studies", "report", "status", "trials"]


def list_studies(storage: Storage = None, as_json: Json = False) -> None:
    """List the storage's studies.

    Example: towersearch list --storage sqlite:///towersearch.db
    """
    from search.commands import show
    from search.study.charter import names
    from search.summaries import summary

    place = place_of(storage)
    records = [read_study(name, place) for name in names(place.open(write=False))]
    if as_json:
        show.as_json([summary(record) for record in records])
    else:
        show.studies(records)


def status(name: Name, storage: Storage = None, as_json: Json = False) -> None:
    """Show how far a study is.

    Example: towersearch status movielens-small-towers
    """
    from search.commands import show
    from search.summaries import summary

    record = read_study(name, place_of(storage))
    if as_json:
        show.as_json(summary(record))
    else:
        show.status(record)


def trials(name: Name, storage: Storage = None, as_json: Json = False) -> None:
    """List a study's trials.

    Example: towersearch trials movielens-small-towers --json
    """
    from search.commands import show

    record = read_study(name, place_of(storage))
    if as_json:
        show.as_json([trial.as_dict() for trial in record.trials])
    else:
        show.trials(record)


def best(
    name: Name,
    by: Annotated[
        str | None, typer.Option(help="A metric to choose by, other than the objective.")
    ] = None,
    storage: Storage = None,
    as_json: Json = False,
) -> None:
    """Show the best trial's configuration, and of several objectives the Pareto front.

    With --by also how far metrics agree.

    Example: towersearch best movielens-small-towers --by mrr
    """
    from reports import agreement
    from search.commands import show
    from search.summaries import best_of

    record = read_study(name, place_of(storage))
    trial = record.best
    known = agreement.metrics_of(record)
    if by is not None and trial is not None:
        if by not in known:
            raise InputError(f"by: must be one of {', '.join(known)}, got {by!r}.")
        trial = agreement.best_by(record, by)
    if trial is None:
        kept = " and kept the constraints" if record.count("complete") else ""
        more = f" --trials {2 * record.budget}" if record.ended >= record.budget else ""
        raise InputError(
            f"study: {name!r} has no trial yet that completed{kept}; go on with "
            f"`towersearch resume {quote(name)}{more}`."
        )
    if as_json:
        show.as_json(best_of(record, trial))
    else:
        show.best(record, trial)
        if by is not None:
            show.agreements(agreement.agreement(record), record.objectives[0])


def report(
    names: Annotated[list[str], typer.Argument(help="A study's name, or several to compare.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The HTML file to write.")] = Path(
        "report.html"
    ),
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    storage: Storage = None,
) -> None:
    """Write a study's report, or the comparison of several: one HTML file that needs no network.

    Example: towersearch report movielens-small-towers -o report.html
    """
    import reports

    place = place_of(storage)
    records = [read_study(name, place) for name in names]
    if len(records) == 1:
        reports.write(records[0], output)
    else:
        reports.compare(records, output)
    print(output)
    if open_it:
        typer.launch(output.resolve().as_uri())
