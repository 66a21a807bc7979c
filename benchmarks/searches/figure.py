"""The regret of searches against epochs of training, as a picture for the documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
from playwright.sync_api import sync_playwright
from plotly.colors import qualitative

__all__ = ["draw"]

_CHROMIUM = "/usr/bin/chromium"
_WIDTH, _HEIGHT = 1000, 620


def draw(regrets: Mapping[str, Sequence[Any]], path: Path) -> None:
    """Write a PNG of the mean regret of each search with its standard error."""
    figure = go.Figure(layout={"template": "plotly_white", "width": _WIDTH, "height": _HEIGHT})
    figure.update_layout(
        xaxis={"title": "epochs of training, all trials together"},
        yaxis={"title": "regret: the surrogate's best less the best so far", "type": "log"},
        margin={"l": 70, "r": 10, "t": 20, "b": 60},
    )
    for color, (name, runs) in zip(qualitative.Dark24, regrets.items(), strict=False):
        figure.add_traces(_curve(name, np.array(runs), color))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM)
        page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT})
        page.set_content(figure.to_html(config={"staticPlot": True}))
        page.locator(".main-svg").first.wait_for()
        page.screenshot(path=path)
        browser.close()


def _curve(name: str, regrets: Any, color: str) -> list[go.Scatter]:
    """The line of the mean, and the band of a standard error to either side of it."""
    mean, error = regrets.mean(axis=0), regrets.std(axis=0) / np.sqrt(len(regrets))
    epochs = np.arange(1, len(mean) + 1)
    around = np.concatenate([mean + error, (mean - error)[::-1]])
    band = go.Scatter(
        x=np.concatenate([epochs, epochs[::-1]]),
        y=np.maximum(around, 1e-4),
        fill="toself",
        fillcolor=color,
        opacity=0.15,
        line={"width": 0},
        showlegend=False,
    )
    dash = "dot" if "," in name else "solid"
    line = go.Scatter(x=epochs, y=mean, name=name, line={"color": color, "dash": dash})
    return [band, line]
