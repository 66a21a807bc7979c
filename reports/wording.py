"""Numbers and names as a reader meets them, and foreign text made harmless for plotly."""

from __future__ import annotations

import html
import re
import shlex
import unicodedata
from typing import Any

__all__ = ["capital", "label", "number", "plain", "quoted", "short", "topic"]


def number(value: Any, digits: int = 5) -> str:
    """A value in at most `digits` significant digits; a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    text = f"{value:,.0f}" if abs(value) >= min(1000, 10**digits) else f"{value:.{digits}g}"
    return text.replace("-", "−", 1) if value < 0 else text


def capital(text: str) -> str:
    """The text as a title begins: with a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def label(name: str) -> str:
    """A metric's or parameter's name in words: `top_100_accuracy` is top‑100 accuracy."""
    return re.sub(r"\btop_(\d+)", "top\N{NON-BREAKING HYPHEN}\\1", name).replace("_", " ")


def topic(metric: str) -> str:
    """What titles call a metric: any top-k accuracy is accuracy."""
    return "accuracy" if metric.endswith("_accuracy") else short(label(metric), 30)


def plain(text: Any, length: int = 60) -> str:
    """One short line in which plotly finds no markup: escaped, without control characters."""
    return html.escape(short(text, length), quote=False)


def quoted(text: str) -> str:
    """One word for a shell."""
    return shlex.quote(text)


def short(text: Any, length: int = 60) -> str:
    """One line of at most `length` characters, none of them a control character."""
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in str(text))
    return visible if len(visible) <= length else visible[: length - 1] + "…"
