"""The report of a study: a summary, its figures, and one HTML file; without TensorFlow."""

from __future__ import annotations

from reports import figures
from reports.page import check_path, render, write
from reports.summarize import summarize

__all__ = ["check_path", "figures", "render", "summarize", "write"]
