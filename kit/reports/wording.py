"""Figures and words as the report's pages and files write them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from kit.i18n import Marked, mark
from kit.model import Part

if TYPE_CHECKING:
    from markupsafe import Markup

USE_NAMES: dict[str, Marked] = {
    "none": mark("no AI"),
    "explain": mark("AI explained"),
    "draft": mark("AI drafted parts"),
    "most": mark("AI did most"),
    "undeclared": mark("not declared"),
}
PART_NAMES: dict[str, Marked] = {
    Part.PRACTICE: mark("practice"),
    Part.GRADED: mark("graded assignment"),
}


def moment(value: Any) -> str:
    """A time in UTC as people read it in both languages; "" for none."""
    return "" if value is None or value != value else f"{value:%Y-%m-%d %H:%M}"


def percent(value: float) -> str:
    """A share in percent, "" where there is none; 59.9 % is not 60 %."""
    return "" if math.isnan(value) else f"{math.floor(value * 100 + 1e-9)}%"


def signed(value: float) -> str:
    """A difference of shares in points, with its sign."""
    return "" if math.isnan(value) else f"{value * 100:+.0f}".replace("-", "−")


def count(value: float) -> str:
    """A number of things, "" where it is not told."""
    return "" if math.isnan(value) else f"{value:,.0f}"


def number(value: float) -> str:
    """A median, three digits at most."""
    return "" if math.isnan(value) else f"{value:.3g}"


def code(text: str) -> Markup:
    """A check's words as HTML: what stands between backticks is code, all else is text."""
    from markupsafe import Markup, escape

    parts = [escape(part) for part in text.split("`")]
    marked = (Markup("<code>{}</code>").format(p) if i % 2 else p for i, p in enumerate(parts))
    return Markup("").join(marked)
