"""What a baseline learns from, what it is measured on, and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from search.data.encoded import EncodedData

__all__ = ["Fold", "Scores", "Standing"]

Scores = npt.NDArray[np.float32]

_TIE = 1e-6
_SCORES_A_BLOCK = 1 << 22
_LISTED = 10


@dataclass(frozen=True, eq=False)
class Standing:
    """How a baseline ranked n rows' true candidates.

    `ranks` (n,) count the candidates ahead of the true one; `coverage` is the share of candidates
    in some user's top 10.
    """

    ranks: npt.NDArray[np.int64]
    coverage: float


@dataclass(frozen=True)
class Fold:
    """Interaction rows to learn from and rows to measure, of the same data."""

    data: EncodedData
    train: npt.NDArray[np.int64]
    measured: npt.NDArray[np.int64]
    exclude_seen: bool

    @cached_property
    def matrix(self) -> Any:
        """Which user took which candidate in training: sparse (users, candidates), 0 or 1."""
        users, positives = self.data.users[self.train], self.data.positives[self.train]
        shape = (int(self.data.users.max()) + 1, self.data.n_candidates)
        taken = sparse.csr_matrix((np.ones(len(users), np.float32), (users, positives)), shape)
        taken.data[:] = 1.0
        return taken

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """How often each candidate occurs in training (candidates,)."""
        return np.bincount(self.data.positives[self.train], minlength=self.data.n_candidates)

    @cached_property
    def popularity(self) -> Scores:
        """Above 0 for the least popular candidate in training, 1 for the most (candidates,)."""
        places = np.argsort(np.argsort(-self.counts, kind="stable"))
        return (1.0 - places / len(places)).astype(np.float32)

    def standing(self, scores: Scores) -> Standing:
        """What comes of scores of (users, candidates) on the measured rows."""
        users = np.unique(self.data.users[self.measured])
        listed = [self._top(scores, block) for block in self._blocks(users)]
        coverage = len(np.unique(np.concatenate(listed))) / self.data.n_candidates
        return Standing(self.ranks(scores), coverage)

    def ranks(self, scores: Scores) -> npt.NDArray[np.int64]:
        """How many candidates are ahead of the true one, for each measured row.

        Where a user's scores are equal, the candidate that is more popular in training is ahead.
        """
        return np.concatenate([self._ranks(scores, block) for block in self._blocks(self.measured)])

    def _blocks(self, rows: Any) -> Iterator[Any]:
        size = max(1, _SCORES_A_BLOCK // self.data.n_candidates)
        return (rows[start : start + size] for start in range(0, len(rows), size))

    def _ranks(self, scores: Scores, rows: Any) -> Any:
        users, targets = self.data.users[rows], self.data.positives[rows, np.newaxis]
        table = self._untied(scores, users)
        own = np.take_along_axis(table, targets, axis=1)
        self._take_out_seen(table, users)
        before = np.arange(table.shape[1]) < targets
        np.put_along_axis(table, targets, own, axis=1)
        return np.sum(table > own, axis=1) + np.sum((table == own) & before, axis=1)

    def _top(self, scores: Scores, users: Any) -> Any:
        """The candidates in the top ten of users."""
        table = self._untied(scores, users)
        self._take_out_seen(table, users)
        best = np.argpartition(-table, min(_LISTED, table.shape[1]) - 1, axis=1)[:, :_LISTED]
        return best[np.isfinite(np.take_along_axis(table, best, axis=1))]

    def _untied(self, scores: Scores, users: Any) -> Scores:
        own = scores[users]
        tie = _TIE * (float(np.abs(own).max()) or 1.0)
        return np.asarray(own + tie * self.popularity, np.float32)

    def _take_out_seen(self, table: Scores, users: Any) -> None:
        if self.exclude_seen:
            table[self.matrix[users].nonzero()] = -np.inf
