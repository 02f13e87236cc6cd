"""What a learner's kit sends along with a submission: read with care, since anybody can edit it.

``practice.json`` is the summary of the practice, ``answers.json`` holds the declaration
of AI use. Both are the learner's own word. A damaged file becomes a note for the
trainer; the submission is graded all the same.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from kit.answers import ANSWERS
from kit.files import hash_file
from kit.grading.remarks import DAMAGED, IMPOSSIBLE, TOO_BIG
from kit.i18n import phrase

# a summary of a unit has a few kilobytes; all answers of its widgets a few dozen
PRACTICE_LIMIT = 256 * 1024
ANSWERS_LIMIT = 1024 * 1024
ENTRIES = 200

Name = Annotated[str, StringConstraints(max_length=128, pattern=r"^[\w.:-]+$")]
# the first outcome, one of OutcomeKind; free of anything that a page could trip over
Kind = Annotated[str, StringConstraints(max_length=32, pattern=r"^[a-z_]*$")]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
# in a stored practice: no label, no outcome
NONE = "-"
# a stored practice: the name of its shape, a line of words for each of COLUMNS, then
# items, and as JSON applied and the rest
SHAPE = "practice/2"
COLUMNS = ("exercise", "attempts", "first", "passed", "hints", "taken", "minutes", "labels")
LINES = ("shape", *COLUMNS, "items", "applied", "kept")


class _Told(BaseModel):
    # a newer kit may say more; what is not known is left aside
    model_config = ConfigDict(extra="ignore", frozen=True)


class ExercisePractice(_Told):
    """One exercise's practice. ``first``: outcome of the first attempt; ``minutes`` worked."""

    attempts: Count = 0
    first: Kind = ""
    passed: bool = False
    hints: Count = 0
    taken: bool = False
    labels: Annotated[list[Name], Field(max_length=50)] = []
    minutes: Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)] = 0.0


class ItemPair(_Told):
    """One pair of questions, answered right before and after."""

    pre: bool
    post: bool


class Applied(_Told):
    """The unit used on own data: when, and rows of it."""

    at: datetime
    rows: Annotated[int, Field(ge=0, le=10**12)] = 0


class Practice(_Told):
    """``practice.json``, schema 1: what the learner's kit says about the practice."""

    schema_: Literal[1] = Field(alias="schema")
    unit: Name
    version: Annotated[str, StringConstraints(max_length=64)] = ""
    language: Annotated[str, StringConstraints(max_length=16)] = ""
    exercises: Annotated[dict[Name, ExercisePractice], Field(max_length=ENTRIES)] = {}
    items: Annotated[dict[Name, ItemPair], Field(max_length=ENTRIES)] = {}
    applied: Applied | None = None

    def stored(self) -> str:
        """As the gradebook keeps it: a line for each of ``LINES``, which a report reads fastest.

        No name, outcome or number has a space, "," or "=" in it, or is "-".
        """
        rows = self.exercises.values()
        columns: tuple[list[str], ...] = (
            [SHAPE],
            list(self.exercises),
            [str(row.attempts) for row in rows],
            [row.first or NONE for row in rows],
            [str(int(row.passed)) for row in rows],
            [str(row.hints) for row in rows],
            [str(int(row.taken)) for row in rows],
            [repr(row.minutes) for row in rows],
            [",".join(row.labels) or NONE for row in rows],
            [f"{pair}={both.pre:d}{both.post:d}" for pair, both in self.items.items()],
            [self.applied.model_dump_json() if self.applied else ""],
            [json.dumps({"unit": self.unit, "version": self.version, "language": self.language})],
        )
        return "\n".join(map(" ".join, columns))

    @classmethod
    def from_stored(cls, text: str) -> Practice | None:
        """The other way round; None for an empty text, or one of another shape."""
        try:
            return cls._from_lines(text.split("\n")) if text else None
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            # a gradebook outlives the kit's shape of it; grades do not rest on practice
            return None

    @classmethod
    def _from_lines(cls, lines: list[str]) -> Practice:
        told = dict(zip(LINES, lines, strict=True))
        if told["shape"] != SHAPE:
            raise ValueError(told["shape"])
        columns = {name: told[name].split() for name in COLUMNS}
        # "-" stands for nothing
        for name in ("first", "labels"):
            columns[name] = ["" if word == NONE else word for word in columns[name]]
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        exercises = {
            row.pop("exercise"): {
                **row,
                "labels": row["labels"].split(",") if row["labels"] else [],
            }
            for row in rows
        }
        items = (word.split("=") for word in told["items"].split())
        whole = {
            "schema": 1,
            "exercises": exercises,
            "items": {pair: {"pre": both[0], "post": both[1]} for pair, both in items},
            "applied": json.loads(told["applied"]) if told["applied"] else None,
        }
        return cls.model_validate(whole | json.loads(told["kept"]))


class Declared(_Told):
    """The learner's declaration of AI use."""

    use: Literal["none", "explain", "draft", "most"]
    note: Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)] = ""


@dataclass(frozen=True)
class HandIn:
    """One learner's hand-in of an assignment as the gradebook's database keeps it.

    ``state`` is graded or failed, ``reason`` why, or what was odd about it.
    ``submitted_at`` is UTC without a zone, as nbgrader's times are.
    """

    assignment: str
    learner: str
    submitted_at: datetime | None
    version: str
    language: str
    practice: Practice | None
    declared: Declared | None
    state: str
    reason: str


def read_handed(folder: Path) -> tuple[Practice | None, Declared | None, list[str]]:
    """Practice, declaration and notes on what could not be read; a missing file is no note."""
    notes: list[str] = []
    practice = _model(Practice, _json(folder / "practice.json", PRACTICE_LIMIT, notes), notes)
    answers = _json(folder / ANSWERS, ANSWERS_LIMIT, notes)
    said = answers.get("declared") if isinstance(answers, dict) else None
    return practice, _model(Declared, said, notes), notes


def _json(path: Path, limit: int, notes: list[str]) -> Any:
    try:
        # a link could point at any file of the grader's machine
        if path.is_symlink() or not path.is_file():
            return None
        if path.stat().st_size > limit:
            notes.append(phrase(TOO_BIG, file=path.name))
            return None
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        notes.append(phrase(DAMAGED, file=path.name))
        return None


def _model(kind: Any, value: Any, notes: list[str]) -> Any:
    if value is None:
        return None
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"][:3])
        file = "practice.json" if kind is Practice else ANSWERS
        notes.append(phrase(IMPOSSIBLE, file=file, place=place[:80]))
        return None


def digest(folder: Path) -> str:
    """sha256 over all files that were handed in, names included; links are not followed.

    Of a file or folder that cannot be read, that is all there is to it: who grades it says so.
    """
    total = hashlib.sha256()
    for path in sorted(_files(folder)):
        # Linux takes names that are no text
        name = os.fsencode(path.relative_to(folder).as_posix())
        try:
            told = hash_file(path)
        except OSError as error:
            told = f"unreadable {error.errno}"
        total.update(name + f"\0{told}\n".encode())
    return total.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """Every file below, however deep: a list of folders has no depth."""
    folders = [folder]
    while folders:
        here = folders.pop()
        try:
            with os.scandir(here) as entries:
                found = list(entries)
        except OSError:
            continue
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                folders.append(here / entry.name)
            elif entry.is_file(follow_symlinks=False):
                yield here / entry.name
