"""The softmax in blocks, against TensorFlow's own over the bag of candidates written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.tensorflow import tf
from search.towers import softmax
from search.towers.softmax import softmax_loss

QUERIES, CANDIDATES, WIDTH = 23, 11, 5


def example(seed: int = 0, scale: float = 1.0) -> tuple[Any, ...]:
    random = np.random.default_rng(seed)
    return (
        tf.constant(random.normal(0, scale, (QUERIES, WIDTH)), tf.float32),
        tf.constant(random.normal(0, scale, (CANDIDATES, WIDTH)), tf.float32),
        tf.constant(random.integers(CANDIDATES, size=QUERIES), tf.int32),
        tf.constant(random.normal(size=CANDIDATES), tf.float32),
        tf.constant(random.integers(1, 5, size=CANDIDATES), tf.int32),
        tf.constant(random.integers(3, size=QUERIES), tf.float32),
    )


def written_out(
    queries: Any,
    candidates: Any,
    labels: Any,
    bias: Any,
    counts: Any,
    weights: Any,
    remove_hits: bool = False,
) -> Any:
    """The same loss over every occurrence, by TensorFlow's own cross-entropy."""
    bag = tf.repeat(tf.range(len(candidates)), counts)
    scores = queries @ tf.transpose(tf.gather(candidates, bag)) + tf.gather(bias, bag)
    own = tf.searchsorted(bag, labels)  # the first occurrence of the true candidate
    if remove_hits:
        others = (bag == labels[:, None]) & (tf.range(len(bag)) != own[:, None])
        scores = tf.where(others, -np.inf, scores)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=own, logits=scores)
    return tf.reduce_sum(weights * losses)


def dense(gradient: Any) -> Any:
    return tf.convert_to_tensor(gradient).numpy()


def loss_and_gradients(loss: Any, arguments: tuple[Any, ...], **options: bool) -> list[Any]:
    with tf.GradientTape() as tape:
        tape.watch(arguments[:2])
        value = 0.5 * loss(*arguments, **options)
    return [value.numpy(), *map(dense, tape.gradient(value, arguments[:2]))]


@pytest.mark.parametrize("remove_hits", [False, True])
@pytest.mark.parametrize("scores_a_block", [1, 5 * CANDIDATES, 1 << 20])
def test_loss_and_gradients_are_those_of_the_bag_written_out(
    scores_a_block: int, remove_hits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(softmax, "_SCORES_A_BLOCK", scores_a_block)
    found = loss_and_gradients(softmax_loss, example(), remove_hits=remove_hits)
    expected = loss_and_gradients(written_out, example(), remove_hits=remove_hits)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@given(st.integers(0, 1000), st.floats(0.0, 30.0), st.booleans())
@settings(max_examples=30, deadline=None)
def test_it_stays_exact_for_scores_of_any_size(seed: int, scale: float, remove_hits: bool) -> None:
    arguments = example(seed, scale)
    found = loss_and_gradients(softmax_loss, arguments, remove_hits=remove_hits)
    expected = loss_and_gradients(written_out, arguments, remove_hits=remove_hits)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4 * (1 + scale))


def test_a_true_candidate_alone_in_the_bag_costs_nothing() -> None:
    one, weight = tf.ones((1, 3)), tf.ones((1,))
    zero, label = tf.zeros((1,)), tf.constant([0])
    assert float(softmax_loss(one, one, label, zero, tf.constant([1]), weight)) == 0.0
    twice = softmax_loss(one, one, label, zero, tf.constant([2]), weight)
    assert float(twice) == pytest.approx(np.log(2))
    hits_removed = softmax_loss(one, one, label, zero, tf.constant([2]), weight, remove_hits=True)
    assert float(hits_removed) == pytest.approx(0.0, abs=1e-6)
