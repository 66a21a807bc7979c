"""The commands that train: `run`, `resume`, `confirm`, and the hidden `work`."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from search.commands.options import (
    Artifacts,
    DataDir,
    Json,
    Name,
    Report,
    Storage,
    Timeout,
    Trials,
    Workers,
    command_line,
    open_study,
    place_of,
    threads_for,
)

if TYPE_CHECKING:
    from search.records import StudyRecord
    from search.spec import StudySpec

__all__ = ["confirm", "resume", "run", "work"]


def run(
    spec: Annotated[Path | None, typer.Argument(help="A study's TOML file.")] = None,
    name: Annotated[str | None, typer.Option(help="The study's name.")] = None,
    storage: Storage = None,
    data: Annotated[
        str | None, typer.Option(help="A source of data; `towersearch data` lists them.")
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(help="A preset; `towersearch spaces` lists them."),
    ] = None,
    tuner: Annotated[
        str | None, typer.Option(help="The tuner; `towersearch doctor` lists them.")
    ] = None,
    objective: Annotated[
        list[str] | None,
        typer.Option(help="The objective; give it again for each further one, for a Pareto front."),
    ] = None,
    trials: Trials = None,
    timeout: Timeout = None,
    workers: Workers = 1,
    seed: Annotated[int | None, typer.Option(help="The study's seed.")] = None,
    target: Annotated[
        float | None, typer.Option(help="Stop once the objective is as good as this.")
    ] = None,
    give_up_after: Annotated[
        int | None, typer.Option(help="Stop after this many trials without improvement.")
    ] = None,
    enqueue: Annotated[
        Path | None, typer.Option(help="A TOML file of `first` tables to begin with.")
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
    from rich.console import Console

    from search.commands.progress import preparing
    from search.commands.session import Sitting, interrupted, sit
    from search.interruption import EXIT_STATUS, held
    from search.run import begin
    from search.tuners import learns

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
    place = place_of(storage, artifacts)
    teacher = open_study(warm_start, place).record() if warm_start else None
    resolved = _resolved(spec, overrides, enqueue, teacher)
    try:
        with preparing(Console()):
            study = begin(
                resolved,
                place,
                threads=threads_for(workers),
                command=command_line(place),
                data_dir=data_dir,
                teacher=teacher,
            )
        if teacher and learns(study.spec.study.tuner):
            print(f"Learns from {study.learnt} of {len(teacher.trials)} trials of {warm_start!r}.")
        return sit(study, sitting)
    except KeyboardInterrupt:
        with held():  # a second signal must not take the words away
            print(interrupted(resolved.study.name, place, sitting), flush=True)
        return EXIT_STATUS


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
    from search.commands.session import Sitting, sit
    from search.tuners import check_installed

    sitting = Sitting(workers, timeout, report, data_dir)
    place = place_of(storage, artifacts)
    study = open_study(name, place)
    if trials is not None:
        check_installed(study.spec.study.tuner)
        study.raise_budget(trials)
    return sit(study, sitting)


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
    from rich.console import Console

    from search.commands.progress import preparing
    from search.commands.session import Sitting, sit
    from search.confirmation.confirm import Selection
    from search.confirmation.confirm import confirm as begin_or_go_on

    sitting = Sitting(workers, timeout, report, data_dir, as_json)
    place = place_of(storage, artifacts)
    with preparing(Console(quiet=as_json)):
        study = begin_or_go_on(
            open_study(name, place),
            Selection(top, seeds, tutorial),
            called or "",
            threads=threads_for(workers),
            command=command_line(place),
            data_dir=data_dir,
        )
    return sit(study, sitting)


def work(
    name: Name, storage: Storage = None, artifacts: Artifacts = None, data_dir: DataDir = None
) -> None:
    """Run trials as one of several workers, silently."""
    from search.processes import follow_supervisor

    follow_supervisor()  # at once: TensorFlow takes seconds to load, and the supervisor may end
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # there is nothing to save yet

    from search.commands.progress import Silence
    from search.interruption import stop_on_signals
    from search.run import work as work_on

    with stop_on_signals("") as stop:
        study = open_study(name, place_of(storage, artifacts))
        work_on(study, Silence(), stop, data_dir)


def _resolved(
    spec: Path | None,
    overrides: Mapping[str, Mapping[str, Any]],
    enqueue: Path | None,
    teacher: StudyRecord | None,
) -> StudySpec:
    from search.resolve import resolve
    from search.spec import read_first, read_spec
    from search.study.warm_start import best_configurations

    table, text = ({}, "") if spec is None else read_spec(spec)
    enqueued = read_first(enqueue) if enqueue else []
    offered = best_configurations(teacher) if teacher else []
    return resolve(table, overrides, text, enqueued=enqueued, offered=offered)
