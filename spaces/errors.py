"""The error a person can mend: one sentence naming the parameter, the rule and the value."""

from __future__ import annotations

__all__ = ["InputError"]


class InputError(ValueError):
    """Something given by the user is wrong; the message is a sentence that says how to mend it."""
