from __future__ import annotations

import itertools

import pytest

from reports.figures.theme import PALETTE, colour, template, translucent

BACKGROUNDS = {"light": "#ffffff", "dark": "#171b22"}
# Machado, Oliveira and Fernandes (2009), severity 1, in linear RGB.
DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)


def linear(hexadecimal: str) -> list[float]:
    parts = [int(hexadecimal[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def luminance(hexadecimal: str) -> float:
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear(hexadecimal), strict=True))


def seen(hexadecimal: str) -> list[float]:
    """The colour's cube-rooted linear RGB as a deuteranope sees it."""
    parts = linear(hexadecimal)
    mixed = [sum(m * p for m, p in zip(row, parts, strict=True)) for row in DEUTERANOPIA]
    return [max(value, 0) ** (1 / 3) for value in mixed]


@pytest.mark.parametrize("background", BACKGROUNDS.values())
@pytest.mark.parametrize("shade", PALETTE)
def test_every_colour_stands_out_from_both_backgrounds(shade: str, background: str) -> None:
    light, dark = sorted((luminance(shade), luminance(background)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 2.8


def test_all_colours_differ_for_the_colour_blind() -> None:
    for one, other in itertools.combinations(PALETTE, 2):
        pairs = zip(seen(one), seen(other), strict=True)
        assert sum((a - b) ** 2 for a, b in pairs) ** 0.5 > 0.08, (one, other)


def test_colours_come_round_again() -> None:
    assert colour(len(PALETTE)) == colour(0)


def test_a_translucent_colour_is_rgba() -> None:
    assert translucent("#ff8000", 0.25) == "rgba(255,128,0,0.25)"


def test_the_dark_template_is_light_on_dark() -> None:
    ink = {mode: template(mode)["layout"]["font"]["color"] for mode in ("light", "dark")}
    assert luminance(ink["dark"]) > 0.7
    assert luminance(ink["light"]) < 0.05
