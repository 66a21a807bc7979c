"""The command line: `towersearch`."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spaces import InputError

if TYPE_CHECKING:
    from search.records import StudyRecord
    from search.spec import StudySpec
    from search.storage import Place
    from search.study import Study

__all__ = ["app", "main"]

app = typer.Typer(
    name="towersearch",
    help="Search hyperparameters of two-tower retrieval models, resume searches, report on them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_debug = False

Storage = Annotated[
    str | None,
    typer.Option(
        help="sqlite:///FILE, journal:FILE or a database's URL; else TOWERSEARCH_STORAGE, else sqlite:///towersearch.db."
    ),
]
Artifacts = Annotated[
    Path | None,
    typer.Option(help="Folder for checkpoints and encoded data; else beside the storage."),
]
DataDir = Annotated[
    Path | None, typer.Option(help="Folder of TensorFlow Datasets; else TFDS_DATA_DIR.")
]
Name = Annotated[str, typer.Argument(help="The study's name.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Trials = Annotated[int | None, typer.Option(help="The total of trials.")]
Timeout = Annotated[float | None, typer.Option(help="Stop after so many seconds.")]
Workers = Annotated[int, typer.Option(help="Processes on this machine.")]
Report = Annotated[Path | None, typer.Option(help="Write the HTML report here, again and again.")]


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
        from search.storage import StorageError

        _fail(3 if isinstance(error, StorageError) else 1, str(error) or type(error).__name__)
    return status if isinstance(status, int) else 0


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")] = False,
) -> None:
    """Options of all commands."""
    global _debug
    _debug = debug


@app.command()
def run(
    spec: Annotated[Path | None, typer.Argument(help="A study's TOML file.")] = None,
    name: Annotated[str | None, typer.Option(help="The study's name.")] = None,
    storage: Storage = None,
    data: Annotated[str | None, typer.Option(help="The data's source: `towersearch data`.")] = None,
    preset: Annotated[
        str | None, typer.Option(help="A search space: `towersearch spaces`.")
    ] = None,
    tuner: Annotated[str | None, typer.Option(help="Who proposes: `towersearch doctor`.")] = None,
    objective: Annotated[
        list[str] | None,
        typer.Option(help="What to search for; given several times, a Pareto front."),
    ] = None,
    trials: Trials = None,
    timeout: Timeout = None,
    workers: Workers = 1,
    seed: Annotated[int | None, typer.Option(help="The study's seed.")] = None,
    target: Annotated[
        float | None, typer.Option(help="Stop once the objective is as good as this.")
    ] = None,
    give_up_after: Annotated[
        int | None, typer.Option(help="Stop after so many trials without improvement.")
    ] = None,
    enqueue: Annotated[
        Path | None, typer.Option(help="A TOML file of [[first]] configurations to begin with.")
    ] = None,
    warm_start: Annotated[
        str | None, typer.Option(help="A study in the storage to learn from and begin with.")
    ] = None,
    report: Report = None,
    artifacts: Artifacts = None,
    data_dir: DataDir = None,
) -> int:
    """Begin a study and run its trials.

    Example: towersearch run --data movielens-small --preset towers --trials 30
    """
    from search.interruption import EXIT_STATUS
    from search.run import begin
    from search.session import Sitting, interrupted, sit

    sitting = Sitting(workers, timeout, report, data_dir)
    overrides: dict[str, dict[str, Any]] = {
        "study": {
            "name": name,
            "tuner": tuner,
            "objective": objective or None,
            "trials": trials,
            "seed": seed,
            "target": target,
            "give_up_after": give_up_after,
        },
        "data": {"source": data},
        "space": {"preset": preset},
    }
    place = _place(storage, artifacts)
    teacher = _open(warm_start, place).record() if warm_start else None
    resolved = _resolved(spec, overrides, enqueue, teacher)
    try:
        study = begin(
            resolved,
            place,
            threads=_threads(workers),
            command=_command(place),
            data_dir=data_dir,
            teacher=teacher,
        )
        if teacher:
            print(f"Learns from {study.learnt} of {len(teacher.trials)} trials of {warm_start!r}.")
        return sit(study, place, sitting)
    except KeyboardInterrupt:
        print(interrupted(resolved.study.name, place, sitting))
        return EXIT_STATUS


@app.command()
def resume(
    name: Name,
    storage: Storage = None,
    trials: Trials = None,
    timeout: Timeout = None,
    workers: Workers = 1,
    report: Report = None,
    artifacts: Artifacts = None,
    data_dir: DataDir = None,
) -> int:
    """Go on with a study to its total of trials, which may be raised.

    Example: towersearch resume movielens-small-towers --trials 60
    """
    from search.session import Sitting, sit

    sitting = Sitting(workers, timeout, report, data_dir)
    place = _place(storage, artifacts)
    study = _open(name, place)
    if trials is not None:
        study.raise_budget(trials)
    return sit(study, place, sitting)


@app.command()
def confirm(
    name: Name,
    top: Annotated[int, typer.Option(min=1, help="How many of the best trials.")] = 5,
    seeds: Annotated[int, typer.Option(min=1, help="Trainings of each finalist.")] = 5,
    tutorial: Annotated[
        bool, typer.Option(help="Train the tutorial's three models as well.")
    ] = True,
    called: Annotated[
        str | None, typer.Option("--name", help="The confirmation's name; else NAME.confirm.")
    ] = None,
    storage: Storage = None,
    timeout: Timeout = None,
    workers: Workers = 1,
    report: Report = None,
    as_json: Json = False,
    artifacts: Artifacts = None,
    data_dir: DataDir = None,
) -> int:
    """Train a study's finalists anew on fresh seeds, and measure them on the test part.

    Example: towersearch confirm movielens-small-towers --top 3 --seeds 5
    """
    from search.confirm import Selection
    from search.confirm import confirm as begin_or_go_on
    from search.session import Sitting, sit

    sitting = Sitting(workers, timeout, report, data_dir, as_json)
    place = _place(storage, artifacts)
    study = begin_or_go_on(
        _open(name, place),
        place,
        Selection(top, seeds, tutorial),
        called or "",
        threads=_threads(workers),
        command=_command(place),
        data_dir=data_dir,
    )
    return sit(study, place, sitting)


@app.command(hidden=True)
def work(
    name: Name, storage: Storage = None, artifacts: Artifacts = None, data_dir: DataDir = None
) -> None:
    """Run trials as one of several workers, silently."""
    from search.interruption import stop_on_signals
    from search.progress import Silence
    from search.run import work as work_on
    from search.workers import follow_supervisor

    follow_supervisor()
    with stop_on_signals("") as stop:
        study = _open(name, _place(storage, artifacts))
        work_on(study, Silence(), stop, data_dir)


@app.command("list")
def list_studies(storage: Storage = None, as_json: Json = False) -> None:
    """List the storage's studies."""
    from search import show
    from search.study import names
    from search.summaries import summary

    place = _place(storage)
    records = [_read(name, place) for name in names(place.open(write=False))]
    if as_json:
        show.as_json([summary(record) for record in records])
    else:
        show.studies(records)


@app.command()
def status(name: Name, storage: Storage = None, as_json: Json = False) -> None:
    """Show how far a study is."""
    from search import show
    from search.summaries import summary

    record = _read(name, _place(storage))
    if as_json:
        show.as_json(summary(record))
    else:
        show.status(record)


@app.command()
def trials(name: Name, storage: Storage = None, as_json: Json = False) -> None:
    """List a study's trials."""
    from search import show

    record = _read(name, _place(storage))
    if as_json:
        show.as_json([trial.as_dict() for trial in record.trials])
    else:
        show.trials(record)


@app.command()
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
    """
    from reports import agreement
    from search import show
    from search.summaries import best_of

    record = _read(name, _place(storage))
    trial = record.best
    known = agreement.metrics_of(record)
    if by is not None and trial is not None:
        if by not in known:
            raise InputError(f"by: must be one of {', '.join(known)}, got {by!r}.")
        trial = agreement.best_by(record, by)
    if trial is None:
        raise InputError(
            f"study: {name!r} has no completed trial yet; go on with `towersearch resume {name}`."
        )
    if as_json:
        show.as_json(best_of(record, trial))
    else:
        show.best(record, trial)
        if by is not None:
            show.agreements(agreement.agreement(record), record.objectives[0])


@app.command()
def report(
    names: Annotated[list[str], typer.Argument(help="A study's name, or several to compare.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The HTML file to write.")] = Path(
        "report.html"
    ),
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    storage: Storage = None,
) -> None:
    """Write a study's report, or the comparison of several: one HTML file without the network."""
    import reports

    place = _place(storage)
    records = [_read(name, place) for name in names]
    if len(records) == 1:
        reports.write(records[0], output)
    else:
        reports.compare(records, output)
    print(output)
    if open_it:
        typer.launch(output.resolve().as_uri())


@app.command()
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
    from search import show
    from search.export import Wanted
    from search.export import export as write

    wanted = Wanted(trial, k, index, exclude_seen, refit)
    show.exported(folder, write(_open(name, _place(storage, artifacts)), folder, wanted, data_dir))


@app.command()
def recommend(
    folder: Annotated[Path, typer.Argument(help="A folder that `towersearch export` wrote.")],
    query: Annotated[
        list[str] | None, typer.Argument(help="INPUT=VALUE ...; what is not given is missing.")
    ] = None,
    k: Annotated[int, typer.Option("-k", help="How many candidates.")] = 10,
    batch: Annotated[
        Path | None, typer.Option(help="A CSV or Parquet file of queries, a column an input.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Ask an exported model for a query's candidates, or for those of a file of queries.

    Example: towersearch recommend model -k 10 user_id=42 timestamp=1999-12-31
    """
    from search import show
    from search.serving.answers import Served

    if batch and query:
        raise InputError("query: must be given as words or as --batch, got both; leave one out.")
    served = Served(folder)
    queries = served.read(str(batch)) if batch else served.parse(query or [])
    answers = served.answer(queries, k)
    if as_json:
        show.as_json(answers if batch else answers[0])
    else:
        show.answers(answers)


@app.command()
def spaces(name: Annotated[str | None, typer.Argument(help="A preset's name.")] = None) -> None:
    """List the presets, or print one as a study's TOML file to start from."""
    from search import show
    from search.spec import resolve
    from spaces import PRESETS

    if name is None:
        show.table(["preset", "searches"], [[p.name, p.summary] for p in PRESETS.values()])
    else:
        print(resolve({"space": {"preset": name}}).to_toml(), end="")


@app.command()
def data(
    source: Annotated[
        str | None, typer.Argument(help="A source's name, or a file or folder of interactions.")
    ] = None,
    candidates: Annotated[str, typer.Option(help="A file or folder of candidates.")] = "",
    queries: Annotated[str, typer.Option(help="A file or folder of users.")] = "",
    data_dir: DataDir = None,
) -> None:
    """List the sources of data, describe one, or propose the tables for files of your own.

    Example: towersearch data orders.csv --candidates products.csv > study.toml
    """
    from search import show
    from search.data.proposal import propose
    from search.data.sources import SOURCES, load

    if source is None:
        show.table(["source", "what it is"], list(SOURCES.items()))
    elif source in SOURCES or not (candidates or queries or Path(source).exists()):
        show.dataset(load(source, data_dir))
    else:
        proposal = propose(source, candidates, queries)
        show.proposal(proposal, load(proposal.files))


@app.command()
def doctor() -> None:
    """Show what is installed, what can be chosen, and whether TensorFlow works here."""
    from search import show
    from search.doctor import diagnose

    for title, rows in diagnose():
        show.table([title, ""], rows)


def _resolved(
    spec: Path | None,
    overrides: Mapping[str, Mapping[str, Any]],
    enqueue: Path | None,
    teacher: StudyRecord | None,
) -> StudySpec:
    from search.spec import read_first, read_spec, resolve
    from search.warm_start import best_configurations

    table, text = ({}, "") if spec is None else read_spec(spec)
    enqueued = read_first(enqueue) if enqueue else []
    offered = best_configurations(teacher) if teacher else []
    return resolve(table, overrides, text, enqueued=enqueued, offered=offered)


def _open(name: str, place: Place) -> Study:
    from search.study import Study

    return Study(place, name)


def _read(name: str, place: Place) -> StudyRecord:
    from search.study import Study

    return Study(place, name, write=False).record()


def _place(storage: str | None, artifacts: Path | None = None) -> Place:
    from search.storage import DEFAULT_STORAGE, Place

    return Place(storage or os.environ.get("TOWERSEARCH_STORAGE") or DEFAULT_STORAGE, artifacts)


def _threads(workers: int) -> int:
    return max(1, len(os.sched_getaffinity(0)) // workers)


def _command(place: Place) -> str:
    """The command as it was given, but for a password in the storage's URL."""
    given = ["towersearch", *sys.argv[1:]]
    return shlex.join(word.replace(place.url, place.shown) for word in given)


def _fail(status: int, sentence: str) -> None:
    if _debug:
        raise
    print(sentence, file=sys.stderr)
    sys.exit(status)


if __name__ == "__main__":
    main()
