"""Numbers and names as a reader meets them, and foreign text made harmless for plotly."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Any

__all__ = ["count", "label", "number", "plain", "short"]


def number(value: Any, digits: int = 4) -> str:
    """A value in at most `digits` significant digits; a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.{digits}g}"
    return text.replace("-", "−", 1) if value < 0 else text


def count(n: int, noun: str) -> str:
    """A count with its noun, plural where it has to be."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def label(name: str) -> str:
    """A metric's or parameter's name in words: `top_100_accuracy` is top‑100 accuracy."""
    return re.sub(r"\btop_(\d+)", "top\N{NON-BREAKING HYPHEN}\\1", name).replace("_", " ")


def plain(text: Any, length: int = 60) -> str:
    """One short line in which plotly finds no markup: escaped, without control characters."""
    return html.escape(short(text, length), quote=False)


def short(text: Any, length: int = 60) -> str:
    """One line of at most `length` characters, none of them a control character."""
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in str(text))
    return visible if len(visible) <= length else visible[: length - 1] + "…"
