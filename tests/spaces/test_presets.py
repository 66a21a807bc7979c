from __future__ import annotations

import re

import pytest

from search.spec import StudyTable
from spaces import PRESETS, Choice, InputError, Preset, TowerConfig, preset


def test_the_shipped_presets_are_known_by_name() -> None:
    assert list(PRESETS) == ["tutorial", "towers", "depth", "full"]
    assert [preset(name).name for name in PRESETS] == list(PRESETS)


def test_the_tutorial_is_its_three_models() -> None:
    configs = [TowerConfig(**point) for point in preset("tutorial").space.grid()]
    sizes = [config.layer_sizes("query") for config in configs]
    assert sizes == [[32], [64, 32], [128, 64, 32]]
    assert [config.activation_of("query") for config in configs] == [None, "relu", "relu"]
    for config in configs:
        assert (config.optimizer, config.learning_rate) == ("adagrad", 0.1)
        assert (config.initial_accumulator, config.embedding_dim) == (0.1, 32)
        assert (config.negatives, config.reduction, config.batch_size) == ("in_batch", "sum", 2048)
        assert (config.epochs, config.validate_every, config.patience) == (300, 5, 0)
        assert (config.normalize, config.temperature, config.dropout) == (False, 1.0, 0.0)


@pytest.mark.parametrize("shipped", PRESETS.values(), ids=PRESETS)
def test_the_first_configurations_are_in_the_space(shipped: Preset) -> None:
    for config in shipped.first:
        assert shipped.space.why_not(config) is None
        assert config.items() <= TowerConfig(**config).as_dict().items()


@pytest.mark.parametrize("shipped", PRESETS.values(), ids=PRESETS)
def test_the_study_around_a_space_has_known_keys(shipped: Preset) -> None:
    assert set(shipped.study) <= set(StudyTable.model_fields)
    assert {"pruner", "trials"} <= set(shipped.study)


def test_depth_allocates_by_a_parameter_of_its_space() -> None:
    assert preset("depth").study["allocate_by"] in preset("depth").space


def test_fixing_the_optimizer_of_a_preset_leaves_out_what_hangs_on_the_others() -> None:
    space = preset("full").space.replace(optimizer=Choice(["sgd"]))
    assert "momentum" in space
    assert "beta_1" not in space


def test_an_unknown_preset_is_refused() -> None:
    sentence = "preset: no preset is called 'tower'; did you mean 'towers'?"
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        preset("tower")
    sentence = "preset: no preset is called 'x'; use 'depth', 'full', 'towers' or 'tutorial'."
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        preset("x")
