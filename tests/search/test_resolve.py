from __future__ import annotations

from typing import Any

import pytest

from search.resolve import resolve
from spaces import InputError, Integer


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


def test_where_no_pruner_can_be_none_is_taken() -> None:
    for study in ({"tuner": "keras_tuner.hyperband"}, {"objective": ["mrr", "parameters"]}):
        spec = resolve({"study": study, "space": {"preset": "towers"}})
        assert spec.study.pruner == "none"


def test_a_study_without_a_name_is_called_by_its_data_and_preset() -> None:
    table = {"data": {"source": "movielens/100k"}, "space": {"preset": "tutorial"}}
    assert resolve(table).study.name == "movielens-100k-tutorial"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, r"space: must name a preset or at least one parameter, got neither; .*towers\."),
        ({"space": {"preset": "towrs"}}, r"preset: no preset is called 'towrs'; did you mean"),
        ({"spice": {}}, r"spec: has no key 'spice'; did you mean 'space'\?$"),
        ({"study": 3}, r"study: must be a table, got 3\."),
        ({"zzz": {}}, r"spec: has no key 'zzz'; use 'data', 'first', 'space' or 'study'\.$"),
        ({"study": {"trails": 3}}, r"study\.trails: is not a key of this table; did you mean 'tr"),
        (
            {"study": {"first": []}},
            r"study\.first: is not .*; it stands above the tables\.$",
        ),
        (
            {"study": {"confirm": ""}},
            r"study\.confirm: is not a key of this table; use 'allocate_by'",
        ),
        ({"study": {"trials": 0}}, r"study\.trials: must be at least 1, got 0\."),
        ({"study": {"trials": "9"}}, r"study\.trials: must be a whole number, got '9'\."),
        ({"study": {"seed": -1}}, r"study\.seed: must be at least 0, got -1\."),
        ({"study": {"tuner": "optuna.tpee"}}, r"tuner: must be one of .*, got 'optuna\.tpee'\.$"),
        ({"study": {"pruner": "mean"}}, r"pruner: must be one of none, median, .*, got 'mean'\."),
        ({"study": {"objective": "top_7_accuracy"}}, r"objective: must be one of .*top_7_acc"),
        ({"study": {"objective": []}}, r"objective: must be one name or several that differ, got"),
        ({"study": {"objective": ["mrr", "mrr"]}}, r"objective: must be one name or several that"),
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
        ({"space": {"preset": 3}}, r"preset: must be the name of one, got 3; use one of"),
        ({"data": {"split": {"train": "a"}}}, r"split: train must be a number, got 'a'\."),
        ({"data": {"split": {"seed": "a"}}}, r"split: seed must be a whole number from 0, got 'a'"),
        ({"data": {"split": 3}}, r"data\.split: must be a table, got 3\."),
        ({"study": {"name": 3}}, r"study\.name: must be text, got 3\."),
        ({"study": {"constraints": {"bytes": 9}}}, 'constraints: bytes must be "<=" or .*got 9'),
        ({"data": {"split": {"by": "randm"}}}, r"split: by must be one of .*got 'randm'\."),
        ({"data": {"split": {"trian": 1}}}, r"split: has no key 'trian'; did you mean 'train'\?$"),
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
