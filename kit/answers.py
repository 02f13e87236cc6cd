"""What widgets wrote: ``answers.json`` in the assignment folder, submitted with it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from kit.blank import has_blank
from kit.errors import HomeError, UsageError
from kit.files import read_json, write_json
from kit.i18n import mark, phrase
from kit.model import Item

# what an AI did, in one word; grading reads no other
USES = ("none", "explain", "draft", "most")
# a submission says no more than this; the rest would make the whole declaration unreadable
NOTE_LIMIT = 2000


class AnswerFile:
    """Reads and atomically writes the answers of one assignment."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, Any]:
        """All answers by kind; empty before the first. HomeError when damaged."""
        try:
            value = read_json(self.path, {})
        except ValueError as error:
            raise HomeError(
                "The answers are damaged and were left as they are: {error}",
                where=str(self.path),
                fix="Rename the file to keep it, then answer again.",
                error=error,
            ) from None
        return value if isinstance(value, dict) else {}

    def put(self, kind: str, key: str, answer: dict[str, Any]) -> int:
        """Store one answer; returns ``attempts``, which counts how often it was given."""
        answers = self.read()
        group = answers.setdefault(kind, {})
        attempts = int(group.get(key, {}).get("attempts", 0)) + 1
        group[key] = {**answer, "attempts": attempts}
        write_json(self.path, answers)
        return attempts

    def give(self, exercise: str, value: object) -> int:
        """Store what a learner gave in the form of an exercise; returns the attempts so far.

        ``value`` is plain JSON; TypeError for anything else, and nothing is written.
        """
        return self.put("exercises", exercise, {"value": value})

    def given(self, exercise: str) -> object | None:
        """What was last given for an exercise, None before the first time."""
        group = self.read().get("exercises")
        answer = group.get(exercise) if isinstance(group, dict) else None
        return answer.get("value") if isinstance(answer, dict) else None

    def for_trainer(self) -> dict[str, Any]:
        """The answers as they are handed in: how sure somebody was stays theirs."""
        answers = self.read()
        items = answers.get("items")
        for answer in items.values() if isinstance(items, dict) else ():
            if isinstance(answer, dict):
                answer.pop("confidence", None)
        return answers

    def declare(self, use: object, note: object = "") -> str:
        """Keep what an AI did, one of ``USES``, and a note; returns what to tell the learner.

        A blank ``use`` declares nothing and takes an earlier declaration back. UsageError
        for another word.
        """
        answers = self.read()
        if has_blank(use):
            if answers.pop("declared", None) is not None:
                write_json(self.path, answers)
            return mark("Nothing is declared: `ai_use` is still blank. That costs no points.")
        word = use.strip().lower() if isinstance(use, str) else ""
        if word not in USES:
            raise UsageError(
                "{use} is not one of the words that say what an AI did.",
                where="ai_use",
                fix='ai_use = "none", "explain", "draft" or "most"',
                use=repr(use)[:40],
            )
        told = "" if note is None or has_blank(note) else str(note).strip()[:NOTE_LIMIT]
        answers["declared"] = {"use": word, "note": told}
        write_json(self.path, answers)
        return phrase('Declared: "{use}". It stands beside your graded work.', use=word)


def seal(item_id: str, option: str) -> str:
    """The digest that stands for a right option in ``workbook.toml``.

    scrypt (RFC 7914) with the item's id as salt. It keeps the answer from being
    read in the file; trying all options out is not prevented, and need not be:
    these questions measure, they earn no points.
    """
    digest = hashlib.scrypt(option.encode(), salt=item_id.encode(), n=2**13, r=8, p=1, dklen=16)
    return digest.hex()


def item_is_right(item: Item, option: str) -> bool:
    """Whether this is the right option."""
    return seal(item.id, option) == item.digest
