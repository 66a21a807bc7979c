"""Ranks, against the id-based evaluation of TensorFlow Recommenders and brute force."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp

from search.tensorflow import tf, tfrs
from search.training import evaluation
from search.training.evaluation import CollapsedModel, Seen, rank
from search.training.measures import top_k_accuracy

Floats = npt.NDArray[np.float32]
Problem = tuple[Floats, Floats, npt.NDArray[np.int32]]

QUERIES, CANDIDATES, WIDTH = 12, 20, 3
KS = (1, 2, 5, 10)
checked = settings(max_examples=40, deadline=None)


def problem(seed: int, tied: bool) -> Problem:
    """Queries, candidates and targets; `tied` ones have few values and repeated candidates."""
    random = np.random.default_rng(seed)
    queries = random.normal(size=(QUERIES, WIDTH))
    candidates = random.normal(size=(CANDIDATES, WIDTH))
    if tied:
        queries, candidates = np.round(queries), np.round(candidates)
        candidates[CANDIDATES // 2 :] = candidates[: CANDIDATES // 2]
        queries[0], candidates[0] = 1.0, 3.0  # some score differs from another
    targets = random.integers(CANDIDATES, size=QUERIES)
    return queries.astype(np.float32), candidates.astype(np.float32), targets.astype(np.int32)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    return problem(draw(st.integers(0, 2**32 - 1)), draw(st.booleans()))


def seen_pairs(seed: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Any]:
    """Training users and candidates, and the user of each query: some never trained."""
    random = np.random.default_rng(seed)
    train_users = random.integers(6, size=40).astype(np.int32)
    train_candidates = random.integers(CANDIDATES, size=40).astype(np.int32)
    return train_users, train_candidates, random.integers(8, size=QUERIES).astype(np.int32)


def tfrs_accuracies(layer: Any, given: Problem, by_id: bool) -> list[float]:
    """`FactorizedTopK` over a filled retrieval layer."""
    queries, candidates, targets = given
    metric = tfrs.metrics.FactorizedTopK(layer, ks=KS)
    ids = tf.constant(targets) if by_id else None
    metric.update_state(queries, candidates[targets], true_candidate_ids=ids)
    return [float(value) for value in metric.result()]


def brute_force(candidates: Floats) -> Any:
    layer = tfrs.layers.factorized_top_k.BruteForce(k=max(KS))
    return layer.index(candidates, tf.range(len(candidates)))


def streaming(candidates: Floats) -> Any:
    pairs = tf.data.Dataset.from_tensor_slices((tf.range(len(candidates)), candidates)).batch(7)
    return tfrs.layers.factorized_top_k.Streaming(k=max(KS)).index_from_dataset(pairs)


@checked
@given(problems())
def test_accuracies_are_those_of_id_based_factorized_top_k(given: Problem) -> None:
    ranks = rank(*given).ranks
    expected = tfrs_accuracies(brute_force(given[1]), given, by_id=True)
    assert [top_k_accuracy(ranks, k) for k in KS] == pytest.approx(expected)


@pytest.mark.parametrize("tied", [False, True])
def test_accuracies_are_those_of_the_streaming_layer(tied: bool) -> None:
    given = problem(5, tied)
    ranks = rank(*given).ranks
    expected = tfrs_accuracies(streaming(given[1]), given, by_id=True)
    assert [top_k_accuracy(ranks, k) for k in KS] == pytest.approx(expected)


@checked
@given(st.integers(0, 2**32 - 1))
def test_better_counts_what_the_score_based_evaluation_does(seed: int) -> None:
    given = problem(seed, tied=True)  # whole numbers: the library sums the target's score anew
    better = rank(*given).better
    expected = tfrs_accuracies(brute_force(given[1]), given, by_id=False)
    assert [top_k_accuracy(better, k) for k in KS] == pytest.approx(expected)


@checked
@given(problems())
def test_ranks_are_the_places_in_a_stable_descending_sort(given: Problem) -> None:
    queries, candidates, targets = given
    order = np.argsort(-np.asarray(tf.matmul(queries, candidates.T)), axis=1, kind="stable")
    np.testing.assert_array_equal(rank(*given).ranks, np.argmax(order == targets[:, None], axis=1))


def test_ties_go_by_position() -> None:
    queries = np.ones((3, 1), np.float32)
    candidates = np.array([[1], [2], [2], [2], [0]], np.float32)
    ranking = rank(queries, candidates, np.array([1, 3, 0], np.int32))
    assert ranking.ranks.tolist() == [0, 2, 3]
    assert ranking.better.tolist() == [0, 0, 3]


@checked
@given(problems(), st.floats(0.1, 5.0))
def test_the_loss_is_the_softmax_cross_entropy_over_all_candidates(
    given: Problem, temperature: float
) -> None:
    queries, candidates, targets = given
    scores = queries.astype(np.float64) @ candidates.T / temperature
    expected = (logsumexp(scores, axis=1) - scores[np.arange(QUERIES), targets]).mean()
    assert rank(*given, temperature=temperature).loss == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_coverage_is_the_share_of_candidates_in_some_query_s_top_10() -> None:
    queries = np.array([[1.0], [2.0], [-1.0]], np.float32)
    candidates = np.arange(40, dtype=np.float32)[:, None]
    targets = np.zeros(3, np.int32)
    assert rank(queries[:2], candidates, targets[:2]).coverage == 10 / 40
    assert rank(queries, candidates, targets).coverage == 20 / 40


@checked
@given(st.integers(0, 2**32 - 1), st.integers(2, 400))
def test_coverage_counts_every_query_s_ten_highest_scores(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    queries = random.normal(size=(5, WIDTH)).astype(np.float32)
    candidates = random.normal(size=(count, WIDTH)).astype(np.float32)
    top = tf.math.top_k(tf.matmul(queries, candidates.T), min(10, count)).indices
    ranking = rank(queries, candidates, np.zeros(5, np.int32))
    assert ranking.coverage == len(np.unique(top)) / count


@pytest.mark.parametrize("scores", [1, CANDIDATES, 5 * CANDIDATES, 7 * CANDIDATES + 3])
def test_block_boundaries_change_nothing(monkeypatch: pytest.MonkeyPatch, scores: int) -> None:
    train_users, train_candidates, users = seen_pairs(3)
    seen = Seen.of(users, train_users, train_candidates)
    whole = rank(*problem(3, tied=True), seen=seen)
    monkeypatch.setattr(evaluation, "_SCORES_A_BLOCK", scores)
    blocks = rank(*problem(3, tied=True), seen=seen)
    np.testing.assert_array_equal(blocks.ranks, whole.ranks)
    np.testing.assert_array_equal(blocks.better, whole.better)
    assert blocks.loss == pytest.approx(whole.loss, rel=1e-6)
    assert blocks.coverage == whole.coverage


@checked
@given(problems(), st.integers(0, 2**32 - 1))
def test_seen_takes_out_a_user_s_training_candidates_and_never_the_target(
    given: Problem, seed: int
) -> None:
    queries, candidates, targets = given
    train_users, train_candidates, users = seen_pairs(seed)
    scores = np.asarray(tf.matmul(queries, candidates.T)).astype(np.float64)
    for query, user in enumerate(users):
        taken = set(train_candidates[train_users == user]) - {targets[query]}
        scores[query, list(taken)] = -np.inf
    order = np.argsort(-scores, axis=1, kind="stable")
    ranking = rank(*given, seen=Seen.of(users, train_users, train_candidates))
    np.testing.assert_array_equal(ranking.ranks, np.argmax(order == targets[:, None], axis=1))
    expected = logsumexp(scores, axis=1) - scores[np.arange(QUERIES), targets]
    assert ranking.loss == pytest.approx(expected.mean(), rel=1e-4, abs=1e-5)


def test_a_candidate_seen_in_training_is_covered_by_no_query_that_saw_it() -> None:
    queries = np.ones((1, 1), np.float32)
    candidates = np.arange(12, dtype=np.float32)[:, None]
    seen = Seen.of(np.array([0]), np.zeros(5, np.int32), np.arange(7, 12))
    ranking = rank(queries, candidates, np.array([0], np.int32), seen=seen)
    assert ranking.coverage == 7 / 12


def test_seen_holds_the_distinct_candidates_of_each_user() -> None:
    seen = Seen.of(np.array([2, 0, 1, 5]), np.array([0, 2, 0, 0, 2]), np.array([9, 4, 3, 9, 1]))
    held = [seen.candidates[first:last].tolist() for first, last in zip(*seen.bounds, strict=True)]
    assert held == [[1, 4], [3, 9], [], []]


@pytest.mark.parametrize("queries", [np.zeros, np.ones])
def test_a_collapsed_model_is_no_ranking(queries: Any) -> None:
    same = np.ones((CANDIDATES, WIDTH), np.float32)
    with pytest.raises(
        CollapsedModel, match="the model has collapsed: all candidates have the same score"
    ):
        rank(queries((QUERIES, WIDTH), np.float32), same, np.zeros(QUERIES, np.int32))


def test_one_query_that_tells_candidates_apart_is_enough() -> None:
    queries = np.zeros((2, 1), np.float32)
    queries[1] = 1.0
    candidates = np.arange(3, dtype=np.float32)[:, None]
    assert rank(queries, candidates, np.array([2, 1], np.int32)).ranks.tolist() == [2, 1]


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e38])
def test_scores_that_are_not_finite_are_no_ranking(value: float) -> None:
    queries, candidates, targets = problem(1, tied=False)
    queries[-1] = value
    candidates *= 100.0
    with pytest.raises(FloatingPointError, match="the model's scores are not finite"):
        rank(queries, candidates, targets)


@pytest.mark.parametrize("width", [1, WIDTH])
def test_one_candidate_that_is_not_finite_is_found(width: int) -> None:
    queries, candidates, targets = problem(1, tied=False)
    candidates[(targets[0] + 1) % CANDIDATES, :width] = np.nan
    with pytest.raises(FloatingPointError, match="the model's scores are not finite"):
        rank(queries, candidates, targets)
