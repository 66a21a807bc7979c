"""How charts look: a colour-blind-safe palette, shapes for states, a light and a dark template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

__all__ = [
    "NEUTRAL",
    "PALETTE",
    "RAMP",
    "SHAPES",
    "TIERS",
    "Mode",
    "colour",
    "colourscale",
    "template",
    "translucent",
]

Mode = Literal["light", "dark"]

PALETTE = ("#2b7cdf", "#d38327", "#a43b90", "#45a4d0", "#be6879", "#656902")
NEUTRAL = "#76808d"
RAMP = ("#d38327", "#a43b90", "#2b7cdf")
TIERS = ("#d38327", "#b98a5a", NEUTRAL, "#6b88b5", "#2b7cdf")
SHAPES = {
    "complete": "circle",
    "pruned": "diamond-open",
    "running": "triangle-up-open",
    "waiting": "square-open",
    "failed": "x-thin-open",
}
_FONT = (
    'ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", sans-serif'
)
_LEGEND = {
    "orientation": "h",
    "itemsizing": "constant",
    "x": 0,
    "xanchor": "left",
    "y": 1.02,
    "yanchor": "bottom",
}
_INK = {"light": "#1d2330", "dark": "#e4e8ef"}
_MUTED = {"light": "#5c6675", "dark": "#9aa5b5"}
_GRID = {"light": "#e6e9ee", "dark": "#2a313c"}
_PAPER = {"light": "#ffffff", "dark": "#171b22"}


def colour(index: int) -> str:
    """The palette's colour for the group of this index, from its start again beyond its end."""
    return PALETTE[index % len(PALETTE)]


def colourscale(shades: Sequence[str]) -> list[list[Any]]:
    """Plotly's scale through evenly spaced colours."""
    return [[place / (len(shades) - 1), shade] for place, shade in enumerate(shades)]


def translucent(hexadecimal: str, opacity: float) -> str:
    """A `#rrggbb` colour as plotly's `rgba()`."""
    red, green, blue = (int(hexadecimal[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def template(mode: Mode) -> dict[str, Any]:
    """Plotly's template for a light or a dark page."""
    axis, muted = _axis(mode), {"color": _MUTED[mode]}
    return {
        "layout": {
            "font": {"family": _FONT, "size": 13, "color": _INK[mode]},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": list(PALETTE),
            "xaxis": {**axis, "showgrid": False, "showline": True},
            "yaxis": axis,
            "margin": {"l": 56, "r": 16, "t": 40, "b": 48},
            "legend": {**_LEGEND, "font": muted},
            "hovermode": "closest",
            "hoverlabel": _hover(mode),
            "shapedefaults": {"line": muted},
            "annotationdefaults": {"font": muted, "bgcolor": translucent(_PAPER[mode], 0.75)},
            "modebar": {
                "bgcolor": "rgba(0,0,0,0)",
                "color": _MUTED[mode],
                "activecolor": _INK[mode],
            },
            "dragmode": "select",
        }
    }


def _axis(mode: Mode) -> dict[str, Any]:
    return {
        "gridcolor": _GRID[mode],
        "linecolor": _GRID[mode],
        "zeroline": False,
        "ticks": "",
        "automargin": True,
        "title": {"font": {"size": 13, "color": _MUTED[mode]}, "standoff": 12},
        "tickfont": {"color": _MUTED[mode]},
    }


def _hover(mode: Mode) -> dict[str, Any]:
    return {
        "bgcolor": _PAPER[mode],
        "bordercolor": _GRID[mode],
        "font": {"color": _INK[mode], "size": 12.5},
        "align": "left",
    }
