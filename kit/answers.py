"""What widgets wrote: ``answers.json`` in the assignment folder, submitted with it.

Files that a learner hands in lie beside it: ``files/<exercise>/<name>``.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.blank import has_blank
from kit.errors import HomeError, UsageError
from kit.files import read_json, write_bytes, write_json
from kit.i18n import mark, phrase
from kit.model import Item

# what an AI did, in one word; grading reads no other
USES = ("none", "explain", "draft", "most")
# a submission says no more than this; the rest would make the whole declaration unreadable
NOTE_LIMIT = 2000
ANSWERS = "answers.json"
FILES = "files"
# what some system forbids in a file's name
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|COM\d|LPT\d)(\..*)?", re.IGNORECASE)
# in bytes, as file systems count them; a Hangul syllable has three
_NAME_LIMIT = 180


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
        attempts = _attempts(_told(answers, kind, key)) + 1
        group = answers.get(kind)
        told = {key: {**answer, "attempts": attempts}}
        answers[kind] = {**group, **told} if isinstance(group, dict) else told
        write_json(self.path, answers)
        return attempts

    def give(self, exercise: str, value: object, confidence: int | None = None) -> int:
        """Store what a learner gave in the form of an exercise; returns the attempts so far.

        The same again, as when a cell runs once more, is no new attempt, though they may be
        surer of it now: ``confidence`` in percent. ``value`` is plain JSON; TypeError for
        anything else, and nothing is written.
        """
        answers = self.read()
        sure = {} if confidence is None else {"confidence": confidence}
        if value is None or given_in(answers, exercise) != value:
            return self.put("exercises", exercise, {"value": value, **sure})
        if confidence is not None and sure_in(answers, exercise) != confidence:
            answers["exercises"][exercise].update(sure)
            write_json(self.path, answers)
        return attempts_in(answers, exercise)

    def given(self, exercise: str) -> object | None:
        """What was last given for an exercise, None before the first time."""
        return given_in(self.read(), exercise)

    def give_file(
        self, exercise: str, name: str, data: bytes, confidence: int | None = None
    ) -> int:
        """Keep a file that a learner hands in, in place of an earlier one; returns the attempts.

        The answer is ``{"name", "bytes", "sha256"}``. UsageError for a name without a letter
        or digit, HomeError where it cannot be written.
        """
        safe = safe_name(name)
        folder = self.path.parent / FILES / exercise
        told = {"name": safe, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        try:
            write_bytes(folder / safe, data)
            attempts = self.give(exercise, told, confidence)
            # last, so that a crash leaves one too many and never none
            for path in folder.iterdir():
                if path.name != safe and path.is_file():
                    path.unlink()
        except OSError as error:
            raise HomeError(
                "The file cannot be kept: {reason}",
                where=str(folder),
                fix="Free some space, or close the file, and hand it in again.",
                reason=error.strerror or error,
            ) from None
        return attempts

    def for_trainer(self) -> dict[str, Any]:
        """The answers as they are handed in: how sure somebody was stays theirs."""
        answers = self.read()
        for group in (answers.get("items"), answers.get("exercises")):
            for answer in group.values() if isinstance(group, dict) else ():
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


def _told(answers: Mapping[str, Any], kind: str, key: str) -> Mapping[str, Any]:
    # anybody can edit the file, so its shape is nowhere taken for granted
    group = answers.get(kind)
    answer = group.get(key) if isinstance(group, Mapping) else None
    return answer if isinstance(answer, Mapping) else {}


def _attempts(told: Mapping[str, Any]) -> int:
    counted = told.get("attempts")
    return counted if isinstance(counted, int) and not isinstance(counted, bool) else 0


def given_in(answers: Mapping[str, Any], exercise: str) -> object | None:
    """What ``answers``, as ``AnswerFile.read`` gives them, hold for an exercise; else None."""
    value: object | None = _told(answers, "exercises", exercise).get("value")
    return value


def attempts_in(answers: Mapping[str, Any], exercise: str) -> int:
    """How often an answer for an exercise was given; 0 before the first time."""
    return _attempts(_told(answers, "exercises", exercise))


def sure_in(answers: Mapping[str, Any], exercise: str) -> int | None:
    """How sure a learner was of what they last gave, 0 to 100 %; None where they did not say."""
    return percent(_told(answers, "exercises", exercise).get("confidence"))


def percent(value: object) -> int | None:
    """A share of a hundred as it is kept, 0 to 100; None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return max(0, min(100, int(value)))


def safe_name(name: str) -> str:
    """A file's name without its folders, as every system can keep it; UsageError for none."""
    plain = _plain(name)
    if not any(letter.isalnum() for letter in Path(plain).stem):
        raise UsageError(
            "{name} is not a file's name.",
            where="files/",
            fix="Give the file a name with letters or digits, and hand it in again.",
            name=repr(name)[:60],
        )
    return plain


def _plain(name: str) -> str:
    # Hangul from macOS comes in single letters; only one spelling is found again
    whole = name.encode("utf-8", "ignore").decode("utf-8")
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", whole)[-1])
    # hidden files stay behind when work is handed in
    clean = _FORBIDDEN.sub("_", last).strip(" .")
    if _RESERVED.fullmatch(clean):
        clean = f"_{clean}"
    stem, dot, suffix = clean.rpartition(".")
    room = _NAME_LIMIT - len((dot + suffix).encode("utf-8"))
    if not stem or room <= 0:
        stem, dot, suffix, room = clean, "", "", _NAME_LIMIT
    short = stem.encode("utf-8")[:room].decode("utf-8", "ignore")
    return f"{short}{dot}{suffix}".strip(" .")


def seal(item_id: str, option: str) -> str:
    """The digest that stands for a right option in ``workbook.toml``.

    scrypt (RFC 7914) with the id of the item or exercise as salt. It keeps the answer from
    being read in the file. Trying all options out is not prevented: what decides about
    somebody asks for the learner's own case instead.
    """
    digest = hashlib.scrypt(option.encode(), salt=item_id.encode(), n=2**13, r=8, p=1, dklen=16)
    return digest.hex()


def item_is_right(item: Item, option: str) -> bool:
    """Whether this is the right option."""
    return seal(item.id, option) == item.digest
