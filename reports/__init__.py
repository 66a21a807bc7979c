"""The report of a study: a summary, its figures, and one HTML file; without TensorFlow."""

from __future__ import annotations

from reports import figures
from reports.comparison import compare
from reports.files import check_path
from reports.page import render, write
from reports.summarize import summarize

__all__ = ["check_path", "compare", "figures", "render", "summarize", "write"]
