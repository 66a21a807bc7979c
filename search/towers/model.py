"""The two-tower model: a query and a candidate tower, joined by a retrieval loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from search.data.encoded import EncodedData
from search.tensorflow import keras, tf, tfrs
from search.towers.tower import Knobs, Tower
from spaces import TowerConfig

__all__ = ["Batch", "TwoTower"]

Batch = tuple[dict[str, Any], Any]


class TwoTower(tfrs.models.Model):  # type: ignore[misc]
    """A `tfrs.models.Model` over encoded columns.

    A batch is a pair: the encoded query columns by name, each of b rows, and the int32 catalogue
    row (b,) of the candidate that each query led to. In-batch losses go through
    `tfrs.tasks.Retrieval`; the full softmax scores each query against the whole catalogue.
    logQ is the correction of Yi et al., "Sampling-bias-corrected neural modeling for large corpus
    item recommendations" (RecSys 2019), with the training frequency as the sampling probability.
    """

    def __init__(self, data: EncodedData, config: TowerConfig, knobs: Knobs) -> None:
        super().__init__(name="two_tower")
        self.query_tower = Tower("query", data.columns, config, knobs)
        self.candidate_tower = Tower("candidate", data.columns, config, knobs)
        self._knobs = knobs
        self._config = config
        self._catalogue = {name: tf.constant(rows) for name, rows in data.candidates.items()}
        self._probabilities = tf.constant(_probabilities(data.counts))
        # A catalogue smaller than the batch is embedded once a step instead of once a row.
        self._embeds_catalogue = (
            config.negatives == "full_softmax" or data.n_candidates <= config.batch_size
        )
        self.task = _retrieval(config, knobs)

    def compute_loss(self, inputs: Batch, training: bool = False) -> Any:
        """The batch's loss, a float32 scalar, summed or averaged as the configuration says."""
        columns, positives = inputs
        queries = self.query_tower(columns, training=training)
        if self._config.negatives == "full_softmax":
            candidates = self.candidate_tower(self._catalogue, training=training)
            return self._full_softmax(queries, candidates, positives)
        return self._in_batch_softmax(
            queries, self._positive_vectors(positives, training), positives
        )

    def _positive_vectors(self, positives: Any, training: bool) -> Any:
        if self._embeds_catalogue:
            return tf.gather(self.candidate_tower(self._catalogue, training=training), positives)
        rows = {name: tf.gather(column, positives) for name, column in self._catalogue.items()}
        return self.candidate_tower(rows, training=training)

    def _in_batch_softmax(self, queries: Any, candidates: Any, positives: Any) -> Any:
        corrected = self._config.negatives == "in_batch_logq"
        return self.task(
            queries,
            candidates,
            candidate_sampling_probability=(
                tf.gather(self._probabilities, positives) if corrected else None
            ),
            candidate_ids=positives if self._config.remove_accidental_hits else None,
            compute_metrics=False,
        )

    def _full_softmax(self, queries: Any, candidates: Any, positives: Any) -> Any:
        scores = tf.matmul(queries, candidates, transpose_b=True) / self._knobs.temperature
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(positives, scores)
        return tf.reduce_sum(losses) if self._config.reduction == "sum" else tf.reduce_mean(losses)


def _retrieval(config: TowerConfig, knobs: Knobs) -> Any:
    reduction = keras.losses.Reduction
    return tfrs.tasks.Retrieval(
        loss=keras.losses.CategoricalCrossentropy(
            from_logits=True,
            reduction=reduction.SUM if config.reduction == "sum" else reduction.SUM_OVER_BATCH_SIZE,
        ),
        temperature=knobs.temperature,
        num_hard_negatives=config.hard_negatives or None,
        remove_accidental_hits=bool(config.remove_accidental_hits),
    )


def _probabilities(counts: Any) -> Any:
    """Share of the training interactions that each candidate has, at least one interaction's."""
    counts = np.maximum(np.asarray(counts, dtype=np.float64), 1.0)
    return (counts / counts.sum()).astype(np.float32)
