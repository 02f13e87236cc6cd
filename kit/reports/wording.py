"""Figures and words as the report's pages and files write them."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from kit.i18n import Marked, mark
from kit.model import Part

if TYPE_CHECKING:
    from markupsafe import Markup

# shares are sums of fractions; 0.29 is 29 % however it was added up
_ROUNDING = 1e-7
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


def moment(value: Any, zone: str = "UTC") -> str:
    """A time in a zone as people read it in both languages; "" for none."""
    if value is None or value != value:
        return ""
    return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def numbered(n: float, one: Marked, many: Marked) -> Marked:
    """The words for one thing, or for any other number of them."""
    return one if n == 1 else many


def width(text: str) -> int:
    """How many Latin letters wide a text is: a Korean one is as wide as two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def broken(text: str, most: int) -> str:
    """The text in lines of at most ``most`` Latin letters, where its words allow it."""
    # letters are counted, and those of one text are about equally wide
    letters = max(1, most * len(text) // max(width(text), 1))
    return "\n".join(textwrap.wrap(text, letters, break_long_words=False))


def percent(value: float, wanted: float = 1.0) -> str:
    """A share in percent as ``whole_percent`` has it, "" where there is none."""
    return "" if math.isnan(value) else f"{whole_percent(value, wanted)}%"


def whole_percent(value: float, wanted: float = 1.0) -> int:
    """A share to the nearest percent, a half up: 7 of 9 are 78.

    Short of all, or of the share that a rule wants, it is not shown as having reached
    that: 59.7 % of a wanted 60 % are 59, and 99.6 % are 99.
    """
    exact = value * 100
    shown = math.floor(exact + 0.5 + _ROUNDING)
    # who reads 60 % beside a rule of 60 % takes it for met
    reached = any(exact + _ROUNDING < goal * 100 <= shown for goal in (wanted, 1.0))
    return math.floor(exact + _ROUNDING) if reached else shown


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
