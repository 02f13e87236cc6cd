"""How a message shows what it saw."""

from __future__ import annotations

from collections.abc import Iterable

from kit.checking.expect.reading import READ_SECONDS, scalar
from kit.checking.limits import time_limit

_MOST = 12


def short(value: object, length: int = 60) -> str:
    """A value as a message shows it: numpy's numbers as numbers, cut to ``length``."""
    try:
        with time_limit(READ_SECONDS):
            value = scalar(value)
            text = f"{value:.6g}" if isinstance(value, float) else repr(value)
            return text if len(text) <= length else text[: length - 1] + "…"
    except Exception:
        # nothing that a learner makes may keep a message from being shown
        return f"<{type(value).__name__}>"


def listed(values: Iterable[object]) -> str:
    """Names in a row, no more of them than a message can hold."""
    shown = [value if type(value) is str else short(value) for value in values]
    more = len(shown) - _MOST
    return ", ".join(shown[:_MOST]) + (f", … (+{more})" if more > 0 else "")
