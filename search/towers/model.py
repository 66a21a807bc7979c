"""The two-tower model: a query and a candidate tower, joined by a retrieval loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from search.data.encoded import EncodedData
from search.tensorflow import keras, tf, tfrs
from search.towers.knobs import Knobs
from search.towers.softmax import softmax_loss
from search.towers.tower import Tower
from spaces import TowerConfig

__all__ = ["Batch", "TwoTower"]

Batch = tuple[dict[str, Any], Any] | tuple[dict[str, Any], Any, Any]


class TwoTower(tfrs.models.Model):  # type: ignore[misc]
    """A `tfrs.models.Model` over encoded columns.

    A batch is the encoded query columns by name, each of b rows, the int32 catalogue row (b,) of
    the candidate that each query led to, and perhaps float32 weights (b,) of their losses. The
    in-batch losses are those of `tfrs.tasks.Retrieval`, worked out over the batch's distinct
    candidates, each counted as often as the batch holds it; with hard negatives they are that
    task's own. The full softmax scores each query against the whole catalogue. logQ is the
    correction of Yi et al., "Sampling-bias-corrected neural modeling for large corpus item
    recommendations" (RecSys 2019), with the training frequency as the sampling probability.
    """

    def __init__(self, data: EncodedData, config: TowerConfig, knobs: Knobs) -> None:
        super().__init__(name="two_tower")
        self.query_tower = Tower("query", data.columns, config, knobs)
        self.candidate_tower = Tower("candidate", data.columns, config, knobs)
        self._knobs = knobs
        self._config = config
        self._catalogue = {name: tf.constant(rows) for name, rows in data.candidates.items()}
        self._probabilities = tf.constant(_probabilities(data.counts))
        self._task = _retrieval(config, knobs)

    def compute_loss(self, inputs: Batch, training: bool = False) -> Any:
        """The batch's loss, a float32 scalar, summed or averaged as the configuration says."""
        columns, positives, weights = keras.utils.unpack_x_y_sample_weight(inputs)
        weights = tf.ones_like(positives, tf.float32) if weights is None else weights
        queries = self.query_tower(columns, training=training)
        if self._config.negatives == "full_softmax":
            candidates = self.candidate_tower(self._catalogue, training=training)
            ones = tf.ones_like(candidates[:, 0])
            loss = self._softmax(queries, candidates, positives, tf.zeros_like(ones), ones, weights)
        else:
            loss = self._in_batch_softmax(queries, positives, weights, training)
        if self._config.reduction == "sum":
            return loss
        return loss / tf.cast(tf.size(positives), tf.float32)

    def _in_batch_softmax(self, queries: Any, positives: Any, weights: Any, training: bool) -> Any:
        distinct, labels, counts = tf.unique_with_counts(positives)
        rows = {name: tf.gather(column, distinct) for name, column in self._catalogue.items()}
        candidates = self.candidate_tower(rows, training=training)
        if self._config.hard_negatives:
            return self._hardest(queries, tf.gather(candidates, labels), positives, weights)
        return self._softmax(queries, candidates, labels, -self._logq(distinct), counts, weights)

    def _softmax(
        self, queries: Any, candidates: Any, labels: Any, bias: Any, counts: Any, weights: Any
    ) -> Any:
        hits = bool(self._config.remove_accidental_hits)
        queries = queries / self._knobs.temperature
        return softmax_loss(queries, candidates, labels, bias, counts, weights, hits)

    def _hardest(self, queries: Any, candidates: Any, positives: Any, weights: Any) -> Any:
        return self._task(
            queries,
            candidates,
            sample_weight=weights,
            candidate_sampling_probability=tf.exp(self._logq(positives)),
            candidate_ids=positives if self._config.remove_accidental_hits else None,
            compute_metrics=False,
        )

    def _logq(self, positives: Any) -> Any:
        if self._config.negatives == "in_batch_logq":
            return tf.math.log(tf.gather(self._probabilities, positives))
        return tf.zeros_like(positives, tf.float32)


def _retrieval(config: TowerConfig, knobs: Knobs) -> Any:
    return tfrs.tasks.Retrieval(
        temperature=knobs.temperature,
        num_hard_negatives=config.hard_negatives or None,
        remove_accidental_hits=bool(config.remove_accidental_hits),
    )


def _probabilities(counts: Any) -> Any:
    """Share of the training interactions that each candidate has, at least one interaction's.

    It is at least 1e-6, as in `tfrs.layers.loss.SamplingProbabilityCorrection`.
    """
    counts = np.maximum(np.asarray(counts, dtype=np.float64), 1.0)
    return np.maximum(counts / counts.sum(), 1e-6).astype(np.float32)
