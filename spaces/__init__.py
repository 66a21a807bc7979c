"""What may vary in a two-tower model: parameters, conditions, search spaces and presets."""

from __future__ import annotations

from spaces.conditions import Value, at_least, at_most
from spaces.config import TowerConfig
from spaces.errors import InputError
from spaces.model import Tower, for_model
from spaces.parameters import Choice, Integer, Parameter, Real
from spaces.presets import PRESETS, Preset, preset
from spaces.space import SearchSpace

__all__ = [
    "PRESETS",
    "Choice",
    "InputError",
    "Integer",
    "Parameter",
    "Preset",
    "Real",
    "SearchSpace",
    "Tower",
    "TowerConfig",
    "Value",
    "at_least",
    "at_most",
    "for_model",
    "preset",
]
