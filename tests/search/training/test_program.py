"""A program that has served a trial serves the next of its shape, as a new one would."""

from __future__ import annotations

from typing import Any

import pytest

from search.training.program import Program, Programs
from search.training.trainer import Trainer
from tests.search.examples import DATA, config, encoded

SHAPE: dict[str, Any] = {"depth": 2, "width": 8, "dropout": 0.3, "l2": 0.001, "schedule": "cosine"}
SHAPE["id_dropout"] = 0.1
FREE: list[dict[str, Any]] = [
    {"learning_rate": 0.02},
    {"temperature": 0.5},
    {"dropout": 0.1},
    {"id_dropout": 0.3},
    {"l2": 0.01},
    {"warmup": 0.3},
    {"epochs": 7, "patience": 2, "validate_every": 2},
]
COMPILED: list[dict[str, Any]] = [
    {"depth": 3},
    {"width": 9},
    {"batch_size": 50},
    {"optimizer": "sgd"},
    {"dropout": 0.0},
    {"id_dropout": 0.0},
    {"l2": 0.0},
    {"negatives": "full_softmax"},
    {"schedule": "constant"},
]


def trained(seed: int, program: Program | None = None, **given: Any) -> dict[str, bytes]:
    """All of a trainer's state after two epochs."""
    trainer = Trainer(DATA, config(**{**SHAPE, **given}), seed, program)
    for epoch in (1, 2):
        trainer.train_epoch(epoch)
    return {name: value.tobytes() for name, value in trainer.state().items()}


@pytest.mark.parametrize("other", FREE, ids=str)
def test_a_program_serves_other_values_bit_for_bit_and_is_not_traced_again(
    other: dict[str, Any],
) -> None:
    program = Program(DATA, config(**SHAPE))
    trained(1, program)
    traced = program.run.experimental_get_tracing_count()
    assert trained(2, program, **other) == trained(2, **other)
    assert program.run.experimental_get_tracing_count() == traced


@pytest.mark.parametrize("optimizer", ["adagrad", "adam", "adamw", "rmsprop", "sgd"])
def test_a_program_begins_anew_with_every_optimizer(optimizer: str) -> None:
    program = Program(DATA, config(**SHAPE, optimizer=optimizer))
    trained(1, program, optimizer=optimizer)
    assert trained(2, program, optimizer=optimizer) == trained(2, optimizer=optimizer)


@pytest.mark.parametrize("other", FREE, ids=str)
def test_a_program_is_taken_again_for_its_shape(other: dict[str, Any]) -> None:
    programs = Programs()
    program = programs.take(DATA, config(**SHAPE))
    programs.give_back(program)
    assert programs.take(DATA, config(**{**SHAPE, **other})) is program


@pytest.mark.parametrize("other", COMPILED, ids=str)
def test_another_shape_has_a_program_of_its_own(other: dict[str, Any]) -> None:
    programs = Programs()
    program = programs.take(DATA, config(**SHAPE))
    programs.give_back(program)
    assert programs.take(DATA, config(**{**SHAPE, **other})) is not program


def test_a_program_is_lent_to_one_trial_at_a_time_and_for_its_own_data() -> None:
    programs = Programs()
    programs.give_back(programs.take(DATA, config()))
    assert programs.take(encoded(seed=1), config()).data is not DATA
    assert programs.take(DATA, config()) is not programs.take(DATA, config())


def test_the_last_four_programs_are_kept() -> None:
    programs = Programs()
    shapes = [config(output_dim=units) for units in range(2, 7)]
    built = [programs.take(DATA, shape) for shape in shapes]
    for program in built:
        programs.give_back(program)
    again = [programs.take(DATA, shape) for shape in shapes]
    assert [one is other for one, other in zip(built, again, strict=True)] == [False] + [True] * 4
