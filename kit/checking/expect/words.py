"""How a message shows what it saw."""

from __future__ import annotations


def short(value: object, length: int = 60) -> str:
    """A value as a message shows it: numpy's numbers as numbers, cut to ``length``."""
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()
    text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= length else text[: length - 1] + "…"
