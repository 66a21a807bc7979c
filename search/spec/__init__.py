"""What a study is: its tables, its space and its first configurations, as frozen values."""

from __future__ import annotations

from search.spec.files import read_first, read_spec
from search.spec.study_spec import StudySpec
from search.spec.tables import DataTable, StudyTable

__all__ = ["DataTable", "StudySpec", "StudyTable", "read_first", "read_spec"]
