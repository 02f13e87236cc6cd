"""The fenced blocks of a guide, for tests that follow it step by step."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_FENCE = re.compile(r"^(````?)(\w+)(?: (\S+))?\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block: its language, the file that it is or changes ("" for none), its text."""

    language: str
    file: str
    text: str


def blocks(guide: Path) -> list[Block]:
    """The guide's blocks that name a language, from top to bottom."""
    found = _FENCE.findall(guide.read_text(encoding="utf-8"))
    return [Block(language, file, text) for _, language, file, text in found]
