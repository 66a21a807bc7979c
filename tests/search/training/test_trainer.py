"""Training is a function of data, configuration and seed, however often it is cut short."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from search.training import trainer as module
from search.training.evaluation import Seen
from search.training.measures import top_k_accuracy
from search.training.program import Program
from search.training.trainer import Diverged, Trainer
from tests.search.examples import DATA, batch, config, model, numpy_of, vectors

TRAIN = DATA.parts["train"]
KERNEL, BIAS = 2, 3  # places of the query tower's dense layer, behind its two embeddings
LEARNS: dict[str, Any] = {"normalize": True, "temperature": 0.2, "learning_rate": 0.03}
ALL_STATE: dict[str, Any] = {
    "depth": 2,
    "width": 8,
    "dropout": 0.3,
    "l2": 0.001,
    "schedule": "cosine",
    "warmup": 0.2,
    "epochs": 4,
    "learning_rate": 0.01,
}


def trained(until: int, seed: int = 3, **given: Any) -> Trainer:
    trainer = Trainer(DATA, config(**given), seed)
    for epoch in range(1, until + 1):
        trainer.train_epoch(epoch)
    return trainer


def same(first: Trainer, second: Trainer) -> bool:
    """Whether two trainers agree bit for bit in all of their state."""
    one, other = first.state(), second.state()
    return one.keys() == other.keys() and all(
        one[name].tobytes() == other[name].tobytes() for name in one
    )


@pytest.fixture(scope="module")
def two_epochs() -> Trainer:
    """Two epochs of four, with everything that has a state of its own at work."""
    return trained(2, **ALL_STATE)


@pytest.fixture(scope="module")
def learned() -> Trainer:
    return trained(8, **LEARNS)


def test_the_same_seed_gives_the_same_weights_bit_for_bit(two_epochs: Trainer) -> None:
    assert same(two_epochs, trained(2, **ALL_STATE))


def test_another_seed_gives_other_weights(two_epochs: Trainer) -> None:
    other = trained(2, seed=4, **ALL_STATE)
    pairs = zip(numpy_of(two_epochs), numpy_of(other), strict=True)
    assert not any(np.array_equal(one, another) for one, another in pairs)


def test_a_restored_trainer_goes_on_bit_for_bit(two_epochs: Trainer) -> None:
    state = {name: value.copy() for name, value in two_epochs.state().items()}
    restored = Trainer(DATA, config(**ALL_STATE), 3)
    restored.restore(state)
    uninterrupted = trained(2, **ALL_STATE)
    losses = [[t.train_epoch(epoch) for epoch in (3, 4)] for t in (uninterrupted, restored)]
    assert losses[0] == losses[1]
    assert same(uninterrupted, restored)


def test_the_first_weights_do_not_depend_on_what_was_built_before() -> None:
    first = Trainer(DATA, config(), 3)
    model(seed=9)
    assert same(first, Trainer(DATA, config(), 3))


@pytest.mark.parametrize(("size", "steps"), [(480, 1), (479, 2), (100, 5), (7, 69), (1000, 1)])
def test_batch_size_decides_the_steps_of_an_epoch(size: int, steps: int) -> None:
    assert Program(DATA, config(batch_size=size)).steps == steps


def test_an_epoch_takes_its_steps_and_the_schedule_spans_all_epochs(two_epochs: Trainer) -> None:
    state = two_epochs.state()
    assert [value for value in state.values() if value.dtype == np.int64] == [2 * 5]
    assert two_epochs._program.optimizer.learning_rate.numpy() == pytest.approx(
        0.01 * (1 + np.cos(np.pi * (9 - 4) / 16)) / 2, rel=1e-5
    )


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("negatives", ["in_batch_logq", "full_softmax"])
def test_the_training_loss_is_a_mean_over_examples(reduction: str, negatives: str) -> None:
    given = {"negatives": negatives, "learning_rate": 1e-8, "l2": 0.1, "batch_size": 200}
    trainer = Trainer(DATA, config(reduction=reduction, **given), 3)
    order = np.random.default_rng([3, 1]).permutation(TRAIN)
    losses = [
        float(trainer.model.compute_loss(batch(rows))) * (1 if reduction == "sum" else len(rows))
        for rows in (order[:200], order[200:400], order[400:])
    ]
    assert trainer.train_epoch(1) == pytest.approx(sum(losses) / len(TRAIN), rel=1e-4)


def test_weights_multiply_the_losses_of_their_own_rows() -> None:
    weights = np.random.default_rng(0).uniform(0, 2, len(DATA.positives)).astype(np.float32)
    trainer = Trainer(replace(DATA, weights=weights), config(learning_rate=1e-8, batch_size=200), 3)
    order = np.random.default_rng([3, 1]).permutation(TRAIN)
    losses = [
        float(trainer.model.compute_loss((*batch(rows), weights[rows]))) * len(rows)
        for rows in (order[:200], order[200:400], order[400:])
    ]
    assert trainer.train_epoch(1) == pytest.approx(sum(losses) / len(TRAIN), rel=1e-4)


def test_a_step_goes_down_the_gradient_of_the_loss_and_the_penalty() -> None:
    given = {"optimizer": "sgd", "momentum": 0.0, "learning_rate": 0.1, "batch_size": 480}
    plain, penalised = (Trainer(DATA, config(l2=l2, **given), 3) for l2 in (0.0, 0.05))
    first = numpy_of(plain)
    for trainer in (plain, penalised):
        trainer.train_epoch(1)
    one, other = numpy_of(plain), numpy_of(penalised)
    expected = 0.1 * 0.05 * 2 * first[KERNEL]
    np.testing.assert_allclose(one[KERNEL] - other[KERNEL], expected, rtol=1e-2, atol=1e-6)
    np.testing.assert_allclose(one[BIAS], other[BIAS], atol=1e-6)


def test_training_drops_out_by_the_optimizer_s_step() -> None:
    trainer = Trainer(DATA, config(dropout=0.5), 3)
    losses = []
    for step in (0, 1, 0):
        trainer._program.optimizer.iterations.assign(step)
        losses.append(float(trainer.model.compute_loss(batch(TRAIN), training=True)))
    assert losses[0] == losses[2] != losses[1]


def test_training_divides_scores_by_the_temperature() -> None:
    losses = [
        float(Trainer(DATA, config(temperature=t), 3).model.compute_loss(batch(TRAIN)))
        for t in (1.0, 0.001)
    ]
    assert losses[0] != pytest.approx(losses[1], rel=1e-3)


def test_every_epoch_has_an_order_of_its_own() -> None:
    trainer = Trainer(DATA, config(learning_rate=1e-8, negatives="in_batch"), 3)
    losses = [trainer.train_epoch(epoch) for epoch in (1, 2, 1)]
    assert losses[0] == pytest.approx(losses[2], rel=1e-6)
    assert losses[0] != pytest.approx(losses[1], rel=1e-6)


@pytest.mark.parametrize("rows", [1, 250])
def test_rows_a_call_change_nothing(
    monkeypatch: pytest.MonkeyPatch, two_epochs: Trainer, rows: int
) -> None:
    monkeypatch.setattr(module, "_ROWS_A_CALL", rows)
    assert same(two_epochs, trained(2, **ALL_STATE))


def test_rows_a_forward_change_no_rank(monkeypatch: pytest.MonkeyPatch, learned: Trainer) -> None:
    whole = learned.evaluate("validation")
    monkeypatch.setattr(module, "_ROWS_A_FORWARD", 7)
    pieces = learned.evaluate("validation")
    np.testing.assert_array_equal(pieces.ranks, whole.ranks)
    assert pieces.loss == pytest.approx(whole.loss, rel=1e-5)


def test_a_learning_rate_that_is_too_high_diverges() -> None:
    with pytest.raises(Diverged, match="the training loss is not finite in epoch 1"):
        trained(1, optimizer="sgd", learning_rate=100.0, reduction="sum")


def test_training_on_tiny_data_beats_chance(learned: Trainer) -> None:
    ranks = learned.evaluate("validation").ranks
    assert top_k_accuracy(ranks, 10) > 2 * 10 / 30


def test_evaluation_is_of_the_towers_without_dropout() -> None:
    trainer = Trainer(DATA, config(dropout=0.5, temperature=0.5), 3)
    rows = DATA.parts["validation"]
    queries, candidates = vectors(trainer.model, batch(rows))
    scores = (queries @ candidates.T).astype(np.float64)
    own = scores[np.arange(len(rows)), DATA.positives[rows]]
    ranking = trainer.evaluate("validation")
    np.testing.assert_array_equal(ranking.ranks, (scores > own[:, None]).sum(axis=1))
    expected = np.log(np.exp(scores / 0.5).sum(axis=1)) - own / 0.5
    assert ranking.loss == pytest.approx(expected.mean(), rel=1e-5)


def test_evaluation_takes_out_what_was_seen(learned: Trainer) -> None:
    rows = DATA.parts["validation"]
    seen = Seen.of(DATA.users[rows], DATA.users[TRAIN], DATA.positives[TRAIN])
    plain, without = learned.evaluate("validation"), learned.evaluate("validation", seen)
    assert (without.ranks <= plain.ranks).all()
    assert without.ranks.mean() < plain.ranks.mean()


def test_parameters_counts_every_weight() -> None:
    query = 41 * 4 + 4 * 4 + (9 * 4 + 4)
    candidate = 31 * 4 + 12 * 4 + (8 * 4 + 4)
    assert Trainer(DATA, config(), 0).parameters == query + candidate
