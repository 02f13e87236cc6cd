"""A unit's common mistakes: each a file of code that earns a message of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kit.model import Unit


@dataclass(frozen=True)
class Misconception:
    """One common mistake: the answer ``code`` that makes it, and the label it must get.

    ``why`` says how somebody comes to think so; empty when the file does not tell.
    """

    path: Path
    exercise: str
    label: str
    why: str
    code: str


def mistakes_of(unit: Unit) -> tuple[Misconception, ...]:
    """All of ``misconceptions/``, by file name; never on a learner's machine."""
    found = []
    for path in sorted((unit.folder / "misconceptions").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        head = dict(re.findall(r"^# (exercise|label|why): (.+)$", text, re.M))
        found.append(
            Misconception(
                path,
                head.get("exercise", "").strip(),
                head.get("label", "").strip(),
                head.get("why", "").strip(),
                text,
            )
        )
    return tuple(found)
