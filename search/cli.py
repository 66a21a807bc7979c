"""The command line: `towersearch`."""

from __future__ import annotations

import signal
import sys
from typing import Annotated

import typer

from search.commands import looking, reading, searching, serving
from spaces import InputError

__all__ = ["app", "main"]

app = typer.Typer(
    name="towersearch",
    help="Search hyperparameters of two-tower retrieval models, resume searches, report on them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_debug = False

app.command()(searching.run)
app.command()(searching.resume)
app.command()(searching.confirm)
app.command(hidden=True)(searching.work)
app.command("list")(reading.list_studies)
app.command()(reading.status)
app.command()(reading.trials)
app.command()(reading.best)
app.command()(reading.report)
app.command()(serving.export)
app.command()(serving.recommend)
app.command()(looking.spaces)
app.command()(looking.data)
app.command()(looking.doctor)


def main() -> None:
    """Run the command line and exit with its status (README, "Exit status")."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(_status())
    finally:  # an interpreter on its way out would die of a second signal
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)


def _status() -> int:
    try:
        status = app(standalone_mode=False)
    except typer.TyperException as error:
        _fail(2, error.format_message())
    except typer.Abort:
        _fail(130, "Interrupted.")
    except InputError as error:
        _fail(2, str(error))
    except Exception as error:
        from search.storage.outages import StorageError

        _fail(3 if isinstance(error, StorageError) else 1, str(error) or type(error).__name__)
    return status if isinstance(status, int) else 0


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")] = False,
) -> None:
    """Options of all commands."""
    global _debug
    _debug = debug


def _fail(status: int, sentence: str) -> None:
    if _debug:
        raise
    print(sentence, file=sys.stderr)
    sys.exit(status)


if __name__ == "__main__":
    main()
