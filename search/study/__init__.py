"""A study in storage: created, opened, its trials claimed, finished and taken over."""

from search.study.study import Study

__all__ = ["Study"]
