"""What is exported answers raw queries as the study measured them, without this toolkit."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.data import sources
from search.data.schema import Dataset
from search.data.splits import Split, split
from search.resolve import resolve
from search.run import begin, work
from search.serving.answers import Served
from search.serving.export import Wanted, export
from search.spec import StudySpec
from search.storage import Place
from search.study import Study
from spaces import Choice, InputError
from tests.conftest import Towersearch

GUIDE = (Path(__file__).parents[3] / "docs" / "your-own-data.md").read_text()


class Quiet:
    def epoch(self, number: int, epoch: int, epochs: int, value: float | None) -> None: ...

    def trial(self, trial: Any) -> None: ...


def searched(spec: StudySpec, place: Place, data_dir: Path | None = None) -> Study:
    study = begin(spec, place, threads=1, command="", data_dir=data_dir)
    work(study, Quiet(), lambda: False, data_dir)
    return study


def hits(answers: list[dict[str, Any]], truth: Any) -> tuple[int, int]:
    """How many answers have the true candidate, and in how many it ties with the last one."""
    found = tied = 0
    for answer, true in zip(answers, truth, strict=True):
        scores = {c["id"]: c["score"] for c in answer["candidates"]}
        found += true in scores
        tied += true in scores and scores[true] - answer["candidates"][-1]["score"] < 1e-5
    return found, tied


@pytest.fixture
def study(small: Callable[..., StudySpec], place: Place) -> Study:
    return searched(small(trials=1), place)


def raw(films: Dataset, rows: Any) -> dict[str, Any]:
    return {
        "user": films.interactions["user"][rows],
        "time": films.interactions["time"][rows].astype(np.float64),
    }


def test_the_served_accuracy_is_the_recorded_one(
    study: Study, films: Dataset, tmp_path: Path
) -> None:
    facts = export(study, tmp_path / "out", Wanted(k=5))
    assert facts["value"] == facts["recorded"]
    rows = split(films, study.spec.data.split)["validation"]
    answers = Served(tmp_path / "out").answer(raw(films, rows), 5)
    found, tied = hits(answers, films.interactions["title"][rows])
    assert abs(found - facts["recorded"] * len(rows)) <= tied
    low, high = facts["interval"]
    assert 0 < low < facts["value"] < high < 1


def test_embeddings_and_query_tower_give_the_same_scores(
    study: Study, films: Dataset, tmp_path: Path
) -> None:
    from search.tensorflow import tf

    out = tmp_path / "out"
    export(study, out, Wanted(k=3))
    queries = raw(films, slice(0, 9))
    tower = tf.saved_model.load(str(out / "query_tower" / "1")).signatures["serving_default"]
    embedded = tower(**{name: tf.constant(values) for name, values in queries.items()})["embedding"]
    scores = embedded.numpy() @ np.load(out / "candidates" / "embeddings.npy").T
    ids = np.load(out / "candidates" / "ids.npy")
    for row, answer in zip(scores, Served(out).answer(queries, 3), strict=True):
        best = np.sort(row)[::-1][:3]
        found = answer["candidates"]
        np.testing.assert_allclose([c["score"] for c in found], best, atol=1e-5)
        assert row[ids.tolist().index(found[0]["id"])] == pytest.approx(best[0], abs=1e-5)
    card = (out / "README.md").read_text()
    assert "Licence: none." in card
    assert "`time` before 1970-01-01 00:0" in card


def test_what_a_user_had_in_training_is_left_out_and_refitting_takes_everything(
    study: Study, films: Dataset, tmp_path: Path
) -> None:
    facts = export(study, tmp_path / "out", Wanted(k=30, exclude_seen=True, refit=True))
    assert facts["refit"]
    users, titles = films.interactions["user"], films.interactions["title"]
    everyone = np.unique(users.astype(str)).astype(object)
    asked = {"user": np.append(everyone, "nobody"), "time": np.full(len(everyone) + 1, np.nan)}
    answers = Served(tmp_path / "out").answer(asked, 30)
    catalogue = set(films.candidates["title"])
    for user, answer in zip(everyone, answers, strict=False):
        assert answer["known"]
        assert {c["id"] for c in answer["candidates"]} == catalogue - set(titles[users == user])
    assert not answers[-1]["known"]
    assert len(answers[-1]["candidates"]) == 30


def test_unknown_users_get_a_row_that_was_trained_for_them_if_ids_were_dropped_out(
    small: Callable[..., StudySpec], films: Dataset, place: Place, tmp_path: Path
) -> None:
    for rate in (0.0, 0.2):
        spec = small(name=f"rate {rate}", trials=1)
        fixed = replace(spec, space=spec.space.replace(id_dropout=Choice([rate])), first=())
        out = tmp_path / f"{rate}"
        export(searched(fixed, place), out, Wanted(k=5))
        served = Served(out)
        for user, known in (("u1", True), ("nobody", False)):
            (answer,) = served.answer(served.parse([f"user={user}"]), 5)
            assert (answer["known"], answer["trained"]) == (known, known or rate > 0)
        assert f"unknown ids was {'' if rate else 'not '}trained" in (out / "README.md").read_text()


@pytest.mark.parametrize(("exclude_seen", "inputs"), [(False, {"time"}), (True, {"time", "user"})])
def test_a_model_asks_for_what_its_trial_uses_and_what_its_filter_needs(
    exclude_seen: bool,
    inputs: set[str],
    small: Callable[..., StudySpec],
    place: Place,
    tmp_path: Path,
) -> None:
    spec = small(trials=1)
    space = spec.space.replace(query_features=Choice(["time"]))
    study = searched(replace(spec, space=space, first=()), place)
    facts = export(study, tmp_path / "out", Wanted(k=5, exclude_seen=exclude_seen))
    assert set(facts["inputs"]) == inputs
    assert facts["unknown_trained"]  # no id answers
    served = Served(tmp_path / "out")
    (answer,) = served.answer(served.parse(["time=5"]), 5)
    assert len(answer["candidates"]) == 5


def test_kept_weights_are_taken_where_they_are_the_trials_own(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search.storage import checkpoints
    from search.training.trainer import Trainer
    from spaces import TowerConfig

    trial = study.record().trials[0]
    study.artifacts.weights(0).unlink()
    first = export(study, tmp_path / "one", Wanted(k=5))  # trained again, as none are kept now
    data = json.loads((tmp_path / "one" / "model.json").read_text())["data"]["fingerprint"]
    from search.run import encoded_data

    encoded = encoded_data(study.spec, study.folder, None, study.fingerprint)
    trainer = Trainer(encoded, TowerConfig(**trial.params), int(trial.seed or 0))
    for epoch in range(1, int(trial.best_epoch or 0) + 1):
        trainer.train_epoch(epoch)
    notes = {"trial": {"data": data, "config": dict(trial.config), "seed": trial.seed}}
    checkpoints.save(study.artifacts.weights(0), trainer.weights(), notes)
    monkeypatch.setattr(Trainer, "train_epoch", None)
    assert export(study, tmp_path / "two", Wanted(k=5))["value"] == first["value"]


def test_serving_needs_tensorflow_alone(study: Study, tmp_path: Path) -> None:
    export(study, tmp_path / "out", Wanted(k=5, exclude_seen=True))
    site = tmp_path / "site"
    site.mkdir()
    for file in _files_of("tensorflow", set()):
        if not (site / file.name).exists():
            (site / file.name).symlink_to(file)
    script = (
        f"import sys; sys.path.insert(0, {str(site)!r})\n"
        "import importlib.util, tensorflow as tf\n"
        "for name in ('tensorflow_recommenders', 'tf_keras', 'search', 'pandas'):\n"
        "    assert importlib.util.find_spec(name) is None, name\n"
        f"model = tf.saved_model.load({str(tmp_path / 'out' / 'model' / '1')!r})\n"
        "ask = model.signatures['serving_default']\n"
        "times = tf.constant([5.0, float('nan')], tf.float64)\n"
        "got = ask(user=tf.constant(['u1', '']), time=times)\n"
        "print(got['ids'].shape, got['known'].numpy().tolist())"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "(2, 5) [True, False]\n"), done.stderr


def _files_of(name: str, known: set[str]) -> list[Path]:
    """The top-level modules of a distribution and of all that it needs."""
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:  # needed on other platforms
        return []
    if name in known:
        return []
    known.add(name)
    tops = {Path(str(file)).parts[0] for file in found.files or []} - {"..", "__pycache__"}
    needed = [need for need in found.requires or [] if "extra ==" not in need]
    names = [re.split(r"[^\w.-]", need)[0] for need in needed]
    own = [Path(str(found.locate_file(top))) for top in sorted(tops)]
    return [*own, *(file for need in names for file in _files_of(need, known))]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"k": 0}, "k: must be at least 1, got 0."),
        ({"index": "tree"}, "index: must be one of brute_force, scann, got 'tree'."),
    ],
)
def test_what_cannot_be_wanted_is_said(wanted: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as refused:
        Wanted(**wanted)
    assert str(refused.value) == message


def test_scann_is_refused_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"index: scann needs the package scann, built for Tens"):
        Wanted(index="scann")


def test_a_filter_without_the_user_is_refused(
    study: Study, films: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(films, schema=replace(films.schema, user="visitor"))
    monkeypatch.setattr("search.serving.export.raw_data", lambda spec, data_dir: other)
    with pytest.raises(InputError) as refused:
        export(study, tmp_path / "out", Wanted(k=5, exclude_seen=True))
    assert str(refused.value) == (
        "exclude_seen: needs the user among the query features of 'small', got user, time; export "
        "without it."
    )


def test_what_cannot_be_exported_is_said_and_leaves_nothing(study: Study, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InputError, match=r"trial: must be one that completed, got 7; choose one"):
        export(study, tmp_path / "out", Wanted(trial=7))
    with pytest.raises(InputError, match=r"must not exist yet; name another folder or remove it"):
        export(study, tmp_path, Wanted())
    assert sorted(tmp_path.iterdir()) == before


def test_the_tutorials_data_is_served_with_the_accuracy_that_was_recorded(
    place: Place, tmp_path: Path, tfds_dir: Path
) -> None:
    spec = resolve(
        {
            "study": {"name": "served", "trials": 1, "pruner": "none"},
            "data": {"source": "movielens/100k", "split": {"by": "temporal"}},
            "space": {
                "depth": 2,
                "epochs": 2,
                "query_features": "all+hour+weekday+age+gender+occupation",
                "candidate_features": "all+year+genres",
            },
        }
    )
    study = searched(spec, place, tfds_dir)
    facts = export(study, tmp_path / "out", Wanted(), tfds_dir)
    dataset = sources.load("movielens/100k", tfds_dir)
    rows = split(dataset, Split(by="temporal"))["validation"]
    texts = ("user_id", "gender", "occupation")
    queries = {name: dataset.interactions[name][rows] for name in texts}
    queries |= {
        name: dataset.interactions[name][rows].astype(np.float64) for name in ("timestamp", "age")
    }
    answers = Served(tmp_path / "out").answer(queries, 100)
    assert 0 < sum(answer["known"] for answer in answers) < len(answers)
    found, tied = hits(answers, dataset.interactions["movie_title"][rows])
    assert abs(found - facts["recorded"] * len(rows)) <= tied


def test_the_guides_five_commands_run_on_files_in_many_scripts(
    towersearch: Towersearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.run.load", sources.load)
    write_shop()
    (commands,) = re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)
    for line in commands.splitlines():
        command, _, output = line.partition(" > ")
        status, out, err = towersearch(*command.split()[1:])
        assert (status, err) == (0, ""), line
        if output:
            Path(output).write_text(out)
    assert len([line for line in out.splitlines() if "商品" in line or "книга" in line]) == 5
    Path("asked.csv").write_text("customer,bought_at\n花子8,2024-05-01\nnobody,\n")
    told = towersearch("recommend", "model", "-k", "2", "--batch", "asked.csv", "--json")[1]
    assert [(a["known"], len(a["candidates"])) for a in json.loads(told)] == [(True, 2), (False, 2)]
    shown = towersearch("recommend", "model", "-k", "2", "customer=nobody")[1]
    assert "The query: an id is missing or has no row of its own; " in shown


def write_shop() -> None:
    """Orders of twenty customers for thirty products, ids in several scripts."""
    random = np.random.default_rng(0)
    names = ["花子", "боб", "ann", "علي"]
    orders = ["customer,product,bought_at,amount"]
    for day, order in enumerate(random.integers(0, [20, 10, 5], (400, 3)).tolist()):
        product = order[1] * 3 + order[0] % 3
        bought = f"{np.datetime64('2023-04-01') + day}"
        orders.append(f"{names[order[0] % 4]}{order[0]},{_product(product)},{bought},{order[2]}")
    products = ["product,name,shelf,price"]
    products += [f'{_product(n)},"good, ""new""\nNo {n}",{n % 4},{n}.5' for n in range(30)]
    Path("orders.csv").write_text("\n".join(orders))
    Path("products.csv").write_text("\n".join(products))


def _product(n: int) -> str:
    return f"{'商品' if n % 2 else 'книга'}{n}"
