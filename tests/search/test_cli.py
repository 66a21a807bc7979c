from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from search import cli
from search.commands.options import command_line
from tests.conftest import Towersearch


def test_the_storage_is_the_option_over_the_environment_over_the_default(
    towersearch: Towersearch, spec_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOWERSEARCH_STORAGE", "sqlite:///environment.db")
    towersearch("run", spec_file, "--trials", "1")
    assert Path("environment.db").exists()
    _, out, _ = towersearch("run", spec_file, "--trials", "1", "--storage", "journal:option.log")
    assert out.endswith("resume small --trials 2 --storage journal:option.log\n")
    assert not Path("towersearch.db").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("run", "space: must name a preset or at least one parameter, got neither; for"),
        ("run none.toml", "spec: must be an existing file, got 'none.toml'."),
        ("run --preset towrs", "preset: no preset is called 'towrs'; did you mean 'towers'?"),
        ("run --preset towers --tuner optuna.tp", "tuner: must be one of optuna.tpe, "),
        ("run --preset towers --objective accuracy", "objective: must be one of top_1_accuracy"),
        ("run --preset towers --trials 0", "study.trials: must be at least 1, got"),
        ("run --preset towers --trials -3", "study.trials: must be at least 1, g"),
        ("run --preset towers --trials many", "Invalid value for '--trials': "),
        ("run --preset towers --workers 0", "workers: must be at least 1, got 0."),
        ("run --preset towers --timeout -1", "timeout: must be above 0 seconds, got -1."),
        ("run --preset towers --storage sqlite:////no/x.db", "storage: must lie in an existing f"),
        ("run --preset towers --report no/r.html", "report: must lie in an existing folder, got '"),
        ("run --preset towers --warm-start other", "storage: must be an existing file, got 'towe"),
        (
            "run --preset towers --enqueue no.toml",
            "enqueue: must be an existing file, got 'no.toml'.",
        ),
        ("run --preset towers --give-up-after 0", "study.give_up_after: must be at least 1"),
        ("run --bogus", "No such option: --bogus"),
        ("resume none", "storage: must be an existing file, got 'towersearch.db'; start a study"),
        ("status none", "storage: must be an existing file, got 'towersearch.db'; start a study"),
        ("frob", "No such command 'frob'."),
        ("spaces towrs", "preset: no preset is called 'towrs'; did you mean 'towers'?"),
        ("data movielens", "source: must be one of movielens-small, movielens/100k, "),
    ],
)
def test_bad_usage_is_one_sentence_and_status_2_and_leaves_nothing(
    towersearch: Towersearch, arguments: str, message: str
) -> None:
    status, out, err = towersearch(*arguments.split())
    assert (status, out) == (2, "")
    assert err.startswith(message)
    assert len(err.splitlines()) == 1
    assert list(Path().iterdir()) == []


def test_an_unknown_source_is_refused_and_leaves_nothing(
    towersearch: Towersearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search.data.sources import load

    monkeypatch.setattr("search.run.load", load)
    status, _, err = towersearch("run", "--preset", "towers", "--data", "movielens/10k")
    assert status == 2
    assert err.startswith("source: must be one of movielens-small, movielens/100k")
    assert list(Path().iterdir()) == []


def test_a_storage_that_does_not_answer_is_status_3(towersearch: Towersearch) -> None:
    url = "postgresql+psycopg://me:secret@127.0.0.1:1/db"
    status, _, err = towersearch("list", "--storage", url)
    assert status == 3
    assert err.startswith("storage: 'postgresql+psycopg://me@127.0.0.1:1/db' cannot be reached: ")
    assert "secret" not in err


def test_a_traceback_is_shown_with_debug_alone(towersearch: Towersearch) -> None:
    from spaces import InputError

    assert "Traceback" not in towersearch("status", "none")[2]
    with pytest.raises(InputError):
        cli_main_with("--debug", "status", "none")


def cli_main_with(*arguments: str) -> None:
    before, sys.argv = sys.argv, ["towersearch", *arguments]
    try:
        cli.main()
    finally:
        sys.argv = before
        cli._debug = False


def test_help_loads_no_tensorflow_and_no_optuna() -> None:
    script = (
        "import sys; sys.argv = ['towersearch', '--help']\n"
        "from search.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'optuna', 'pandas')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "resume" in done.stdout


def test_a_password_in_the_storages_url_is_not_recorded(
    towersearch: Towersearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search.storage import Place

    url = "mysql+pymysql://me:secret@host/db"
    monkeypatch.setattr(sys, "argv", ["towersearch", "run", f"--storage={url}", "a b.toml"])
    given = "towersearch run --storage=mysql+pymysql://me@host/db 'a b.toml'"
    assert command_line(Place(url)) == given
