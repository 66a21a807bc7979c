"""What the sources of MovieLens share: features that take part only where a space names them."""

from __future__ import annotations

from search.data.schema import Feature

__all__ = ["OF_FILMS", "OF_TIMES", "OF_USERS"]

OF_TIMES = (
    Feature("hour", "hour", "query", column="timestamp", optional=True),
    Feature("weekday", "weekday", "query", column="timestamp", optional=True),
)
OF_USERS = (
    Feature("age", "number", "query", optional=True),
    Feature("gender", "category", "query", optional=True),
    Feature("occupation", "category", "query", optional=True),
)
OF_FILMS = (
    Feature("year", "category", "candidate", optional=True),
    Feature("genres", "tags", "candidate", optional=True),
)
