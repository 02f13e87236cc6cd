"""What a new version changes in a task, and how its notice says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kit.i18n import Phrase, mark, phrase
from kit.notebooks import ANSWERED, Cell, blocks
from kit.update.cells import text_of
from kit.update.match import name_of, role_of

# the cells of no exercise share this name; their text is no task
UNIT = "unit"
_CHANGED = mark(
    "**This task changed in version {version}:** {what}. Your answer is as you left it."
)
_STARTER = mark("It now starts like this:")


@dataclass(frozen=True)
class Change:
    """What is new in one exercise: paragraphs, starter text, cells of code around it."""

    paragraphs: int = 0
    starter: str = ""
    code: bool = False

    def said(self) -> Phrase:
        """In a few words, for the preview and the notice."""
        if self.paragraphs:
            both = self.starter or self.code
            return phrase("its text and its code") if both else phrase("its text")
        return phrase("the code around your answer") if self.code else phrase("the starter text")


def changes_of(
    base: Sequence[Cell], theirs: Sequence[Cell], *, same_language: bool
) -> dict[str, Change]:
    """What differs, for each exercise that both versions have."""
    found: dict[str, Change] = {}
    both = {name_of(c)[0] for c in base} & {name_of(c)[0] for c in theirs} - {""}
    for exercise in both:
        old = [c for c in base if name_of(c)[0] == exercise]
        new = [c for c in theirs if name_of(c)[0] == exercise]
        # in another language every paragraph differs, and none has changed
        asked = same_language and exercise != UNIT
        change = Change(
            paragraphs=_paragraphs(old, new) if asked else 0,
            starter=_starter(old, new),
            code=exercise != UNIT and _texts(old, _CODE) != _texts(new, _CODE),
        )
        if change != Change():
            found[exercise] = change
    return found


_CODE = ("setup", "check", "ask")


def _texts(cells: Sequence[Cell], roles: Sequence[str]) -> list[str]:
    return [text_of(c) for c in cells if role_of(c) in roles]


def _paragraphs(old: Sequence[Cell], new: Sequence[Cell]) -> int:
    was, now = ([p for t in _texts(cells, ("prose",)) for p in blocks(t)] for cells in (old, new))
    return max(len([p for p in now if p not in was]), len([p for p in was if p not in now]))


def _starter(old: Sequence[Cell], new: Sequence[Cell]) -> str:
    was, now = _texts(old, ANSWERED), _texts(new, ANSWERED)
    return "" if was == now else "\n\n".join(text for text in now if text not in was)


def notice(exercise: str, text: str) -> Cell:
    """The cell that tells a learner, above their answer, that the task changed."""
    metadata: dict[str, Any] = {"kit": {"id": exercise, "role": "notice"}, "editable": False}
    return {
        "cell_type": "markdown",
        "id": f"{exercise}-notice",
        "metadata": metadata,
        "source": text,
    }


def notice_text(change: Change, version: str, say: Callable[..., str]) -> str:
    """What the notice says, in the language of ``say``; a new starter is shown whole."""
    told = say(_CHANGED, version=version, what=say(change.said()))
    if not change.starter:
        return told
    # the starter may hold a fence of its own
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", change.starter) or [""]))
    return f"{told} {say(_STARTER)}\n\n{fence}python\n{change.starter}\n{fence}"
