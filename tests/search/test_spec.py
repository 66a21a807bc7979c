from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from search.data.files import Files
from search.data.schema import Feature
from search.spec import StudySpec, read_first, read_spec, resolve
from spaces import PRESETS, InputError, Integer


def test_a_file_beats_its_preset_and_the_command_line_beats_the_file() -> None:
    table = {"study": {"trials": 7, "seed": 3}, "space": {"preset": "tutorial"}}
    spec = resolve(table, {"study": {"trials": 9, "seed": None}})
    assert (spec.study.trials, spec.study.seed) == (9, 3)
    assert (spec.study.tuner, spec.study.value_at) == ("optuna.grid", "last")
    assert spec.data.split.by == "tutorial"
    assert spec.data.source == "movielens-small"


def test_options_that_were_not_given_change_nothing() -> None:
    table = {"study": {"objective": "mrr"}, "space": {"preset": "towers"}}
    nothing = {"study": {"objective": None, "tuner": None}, "data": {"source": None}}
    assert resolve(table, nothing) == resolve(table)


def test_a_parameter_of_the_file_replaces_the_presets_and_keeps_the_models_conditions() -> None:
    spec = resolve({"space": {"preset": "towers", "depth": {"integer": [1, 5]}, "width": 96}})
    assert spec.space["depth"] == Integer(1, 5)
    assert "width" not in spec.space.active({"depth": 1})
    assert "width" in spec.space.active({"depth": 2, "taper": "constant"})


def test_a_first_configuration_that_no_longer_fits_its_preset_is_left_out() -> None:
    def depths(**space: Any) -> list[int]:
        return [config["depth"] for config in resolve({"space": space}).first]

    assert depths(preset="towers") == [2, 1, 3, 4]
    assert depths(preset="towers", depth={"integer": [3, 5]}) == [3, 4]


def test_what_is_fixed_need_not_be_said_of_a_first_configuration() -> None:
    space = {"depth": {"integer": [1, 2]}, "width": {"choice": [4, 8]}, "epochs": 3}
    spec = resolve({"space": space, "first": [{"depth": 1}, {"depth": 2, "width": 8}]})
    assert spec.first == ({"depth": 1, "epochs": 3}, {"depth": 2, "width": 8, "epochs": 3})
    with pytest.raises(InputError, match=r"first: .* width: only acts where depth is at least 2"):
        resolve({"space": space, "first": [{"depth": 1, "width": 8}]})


@pytest.mark.parametrize("name", PRESETS)
def test_a_resolved_spec_reads_back_from_its_table_and_from_its_toml(
    name: str, tmp_path: Path
) -> None:
    spec = resolve({"space": {"preset": name}})
    assert StudySpec.from_table(spec.to_table()) == spec
    path = tmp_path / "spec.toml"
    path.write_text(spec.to_toml())
    table, text = read_spec(path)
    assert resolve(table, text=text) == spec


def test_where_no_pruner_can_be_none_is_taken() -> None:
    for study in ({"tuner": "keras_tuner.hyperband"}, {"objective": ["mrr", "parameters"]}):
        spec = resolve({"study": study, "space": {"preset": "towers"}})
        assert spec.study.pruner == "none"


def test_objectives_and_constraints_read_back() -> None:
    study = {"objective": ["mrr", "parameters"], "constraints": {"bytes": "<= 1e6"}}
    spec = resolve({"study": study, "space": {"preset": "towers"}})
    assert spec.directions == ["maximize", "minimize"]
    assert resolve(tomllib.loads(spec.to_toml())) == spec
    assert StudySpec.from_table(spec.to_table()) == spec


def test_a_study_without_a_name_is_called_by_its_data_and_preset() -> None:
    table = {"data": {"source": "movielens/100k"}, "space": {"preset": "tutorial"}}
    assert resolve(table).study.name == "movielens-100k-tutorial"


def test_the_most_epochs_are_those_of_the_space_or_the_models_default() -> None:
    assert resolve({"space": {"preset": "tutorial"}}).epochs == 300
    assert resolve({"space": {"depth": {"integer": [1, 2]}}}).epochs == 20


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, r"space: must name a preset or at least one parameter, got neither; .*towers\."),
        ({"space": {"preset": "towrs"}}, r"preset: no preset is called 'towrs'; did you mean"),
        ({"spice": {}}, r"spec: has no table 'spice' \(did you mean 'space'\?\); its tables"),
        ({"study": 3}, r"study: must be a table, got 3\."),
        ({"study": {"trails": 3}}, r"study\.trails: is not a key .*\(did you mean 'trials'\?\)"),
        ({"study": {"trials": 0}}, r"study\.trials: must be greater than or equal to 1, got 0\."),
        ({"study": {"trials": "9"}}, r"study\.trials: must be a valid integer, got '9'\."),
        ({"study": {"seed": -1}}, r"study\.seed: must be greater than or equal to 0, got -1\."),
        ({"study": {"tuner": "optuna.tpee"}}, r"tuner: must be one of .*'optuna\.tpee' \(did"),
        ({"study": {"pruner": "mean"}}, r"pruner: must be one of none, median, .*, got 'mean'"),
        ({"study": {"objective": "top_7_accuracy"}}, r"objective: must be one of .*top_7_acc"),
        ({"study": {"objective": []}}, r"objective: must be one name or several unlike ones, got"),
        ({"study": {"objective": ["mrr", "mrr"]}}, r"objective: must be one name or several unli"),
        (
            {"study": {"objective": "parameters"}},
            r"objective: the first must be a measure, which every epoch has, got 'parameters'; put",
        ),
        (
            {"study": {"objective": ["mrr", "bytes"], "tuner": "optuna.cmaes"}},
            r"objective: optuna\.cmaes searches for one, got 2; choose one of optuna\.tpe",
        ),
        (
            {"study": {"objective": ["mrr", "bytes"], "pruner": "median"}},
            r"pruner: must be none with several objectives, as .*, got 'median'\.",
        ),
        ({"study": {"constraints": {"bytes": "300"}}}, r'constraints: bytes must be "<=" or ">="'),
        (
            {"study": {"tuner": "keras_tuner.hyperband", "pruner": "median"}},
            r"pruner: must be none with keras_tuner\.hyperband, which stops .*, got 'median'\.$",
        ),
        (
            {"study": {"value_at": "worst"}},
            r"study\.value_at: must be 'best', 'last' or 'first', got",
        ),
        ({"study": {"allocate_by": "depth"}, "space": {"width": 8}}, r"allocate_by: must be a pa"),
        ({"data": {"split": {"by": "randm"}}}, r"split: by must be one of .*got \"randm\"\."),
        ({"data": {"split": {"trian": 1}}}, r"split: has no key 'trian' \(did you mean 'train'"),
        ({"data": {"split": {"train": 0.5}}}, r"split: train, validation and test must sum to 1"),
        ({"data": {"split": 3}}, r"data\.split: .*got 3\."),
        ({"space": {"optimiser": "sgd"}}, r"optimiser: no such parameter of the model; did you"),
        ({"space": {"optimizer": "sdg"}}, r"optimizer: must be one of .*, got 'sdg'"),
        ({"space": {"batch_size": -5}}, r"batch_size: must be a whole number from 1 .*got -5"),
        ({"space": {"epochs": 0}}, r"epochs: must be a whole number from 1 to 10000, got 0"),
        (
            {"space": {"learning_rate": {"real": [0.1, 0.01]}}},
            r"learning_rate: low must be below high, got low=0\.1, high=0\.01\.",
        ),
        (
            {"space": {"learning_rate": {"real": [0, 0.01], "log": True}}},
            r"learning_rate: log needs a low above 0, got low=0\.0\.",
        ),
        (
            {"space": {"depth": 2, "width": {"choice": [4], "when": {"dept": 2}}}},
            r"width: its condition needs 'dept' in the space; did you mean 'depth'\?",
        ),
        ({"first": [{"depth": 9}]}, r"first: must be a configuration of the space: depth: must b"),
        ({"study": {"name": "-a"}}, r"name: must be printable and not begin with a dash, got '-a'"),
        ({"study": {"name": "a\nb"}}, r"name: must be printable and not begin with a dash, got 'a"),
        ({"first": {"depth": 1}}, r"first: must be tables headed \[\[first\]\], got {'depth': 1}"),
    ],
)
def test_a_wrong_spec_is_refused_in_one_sentence(table: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        resolve(
            {"space": {"preset": "towers"}} | table if "space" not in table and table else table
        )


def test_a_circle_of_conditions_is_refused() -> None:
    table = {
        "taper": {"choice": ["constant", "halving"], "when": {"activation": "relu"}},
        "activation": {"choice": ["relu", "tanh"], "when": {"taper": "halving"}},
        "depth": 3,
    }
    with pytest.raises(InputError, match=r"conditions go in a circle"):
        resolve({"space": table})


def test_an_error_names_the_line_of_the_file() -> None:
    text = '[study]\nname = "a"\ntrails = 3\n[space]\npreset = "towers"\n'
    table = {"study": {"name": "a", "trails": 3}, "space": {"preset": "towers"}}
    with pytest.raises(InputError, match=r"trails: .* \(line 3\)$"):
        resolve(table, text=text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[study\n", r"spec: .* is not TOML: .*line 1"),
        ("[study]\ntrials = = 3\n", r"spec: .* is not TOML: .*line 2"),
        ("[study]\ntrials = 3\ntrials = 4\n", r"spec: .* is not TOML: .*line 3"),
    ],
)
def test_a_syntax_error_names_its_line(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "spec.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_spec(path)


def test_a_spec_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"spec: must be an existing file, got '.*none\.toml'\."):
        read_spec(tmp_path / "none.toml")
    with pytest.raises(InputError, match=r"spec: .* cannot be read: "):
        read_spec(tmp_path)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"spec: .* cannot be read: "):
        read_spec(tmp_path / "bytes")


def test_what_is_enqueued_and_offered_comes_first_and_once() -> None:
    table = {"space": {"depth": {"integer": [1, 4]}}, "first": [{"depth": 1}]}
    offered = [{"depth": 9}, {"depth": 3}, {"depth": 1}]
    spec = resolve(table, enqueued=[{"depth": 2}], offered=offered)
    assert [config["depth"] for config in spec.first] == [2, 3, 1]
    with pytest.raises(InputError, match=r"first: must be a configuration of the space: depth: m"):
        resolve(table, enqueued=[{"depth": 9}])


def test_a_study_begins_with_the_defaults_unless_told_otherwise() -> None:
    space = {"depth": {"integer": [1, 4]}}
    assert resolve({"space": space}).first == ({"depth": 2},)
    assert resolve({"space": space, "first": []}).first == ()
    assert resolve({"space": space, "study": {"tuner": "optuna.grid"}}).first == ()


def test_a_file_to_enqueue_has_configurations_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "first.toml"
    path.write_text("[[first]]\ndepth = 1\n[[first]]\ndepth = 2\n")
    assert read_first(path) == [{"depth": 1}, {"depth": 2}]
    path.write_text("[study]\ntrials = 3\n")
    message = r"enqueue: .*first\.toml' must have tables headed \[\[first\]\] .*, got study\."
    with pytest.raises(InputError, match=message):
        read_first(path)


SHOP = """
[data]
source = "some/orders.csv.gz"
candidate = "product"
user = "customer"

[data.features]
customer = { kind = "id", side = "query", hashing = 100 }
name = { kind = "text", side = "candidate", column = "product name", tokens = 500 }

[space]
preset = "towers"
"""


def test_a_table_of_features_makes_the_source_a_file(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    path.write_text(SHOP)
    table, text = read_spec(path)
    spec = resolve(table, text=text)
    origin = spec.data.origin
    assert isinstance(origin, Files)
    assert (origin.interactions, origin.candidate, origin.user) == (
        "some/orders.csv.gz",
        "product",
        "customer",
    )
    assert origin.features == (
        Feature("customer", "id", "query", hashing=100),
        Feature("name", "text", "candidate", column="product name", tokens=500),
    )
    assert spec.study.name == "orders-towers"
    assert StudySpec.from_table(spec.to_table()) == spec
    path.write_text(spec.to_toml())
    table, text = read_spec(path)
    assert resolve(table, text=text) == spec


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "hashing = 100",
            "hash = 100",
            "customer: has no key 'hash' (did you mean 'hashing'?)",
        ),
        ("hashing = 100", 'hashing = "x"', "customer: hashing must be a whole number from 0, got"),
        ("hashing = 100", "tokens = 9", "customer: tokens is for text features, got a id feature"),
        ('kind = "id"', 'kind = "key"', "customer: kind must be one of id, text, time, number, ca"),
        ('side = "query", ', "", "customer: must be a table with a kind and a side, got {'kind'"),
        ("customer =", '"a b" =', "a b: name must be ASCII letters, digits and underscores"),
        ("[data.features]", "[data.columns]", "data.columns: is not a key of this table"),
    ],
)
def test_what_is_wrong_with_a_feature_is_one_sentence(old: str, new: str, message: str) -> None:
    text = SHOP.replace(old, new)
    with pytest.raises(InputError) as refused:
        resolve(tomllib.loads(text), text=text)
    assert str(refused.value).startswith(message)


def test_settings_of_files_need_files() -> None:
    message = r"data.candidate: is for files with a \[data.features\] table, got none"
    with pytest.raises(InputError, match=message):
        resolve({"data": {"candidate": "movie_id"}, "space": {"preset": "towers"}})
