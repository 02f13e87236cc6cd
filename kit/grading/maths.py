"""Formulas as MathML, which browsers draw by themselves: nothing is loaded from anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

# code first, so that a dollar in it stays a dollar; then display maths, then inline
_PIECES = re.compile(
    r"(?P<code>^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[^\n]*$|(?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`)"
    r"|\\\$)"
    r"|\$\$(?P<block>.+?)\$\$"
    # as pandoc has it: no space inside, no digit behind, so that prices stay prices
    r"|(?<![\w$])\$(?=\S)(?P<inline>[^$\n]+?)(?<=\S)\$(?![\w$])",
    re.DOTALL | re.MULTILINE,
)
# what Markdown would still read between the tags
_SPECIAL = str.maketrans({sign: f"&#{ord(sign)};" for sign in "*_`$~[]\\"})


_TAG = re.compile(r"\{http://www\.w3\.org/1998/Math/MathML\}m[a-z]+")
_ATTRIBUTE = re.compile(r"(?!href|on|src|style)[a-z]+")


def with_mathml(markdown: str, keep: Callable[[str], str] = str) -> str:
    """Markdown with ``$…$`` and ``$$…$$`` as MathML; code, prices and bad LaTeX stay as written.

    ``keep`` gets each formula's markup and returns what shall stand in its place.
    """

    def piece(found: re.Match[str]) -> str:
        if found["code"]:
            return found[0]
        block = found["inline"] is None
        latex = found["block"] if block else found["inline"]
        drawn = _mathml(latex.strip(), "block" if block else "inline")
        return keep(drawn) if drawn else found[0]

    return _PIECES.sub(piece, markdown)


def _mathml(latex: str, display: str) -> str:
    from latex2mathml.converter import convert

    try:
        drawn: Any = convert(latex, display=display)
    except Exception:
        # the library raises whatever its parser meets; a raw formula can still be read
        return ""
    return str(drawn).translate(_SPECIAL).replace("\n", " ") if _is_mathml(str(drawn)) else ""


def _is_mathml(drawn: str) -> bool:
    r"""Whether this is MathML and nothing else: \text and \href let any markup through."""
    try:
        root = ElementTree.fromstring(drawn)
    except ElementTree.ParseError:
        return False
    return all(
        _TAG.fullmatch(part.tag) and all(map(_ATTRIBUTE.fullmatch, part.attrib))
        for part in root.iter()
    )
