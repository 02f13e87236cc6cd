"""What widgets wrote: ``answers.json`` in the assignment folder, submitted with it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from kit.errors import HomeError
from kit.files import read_json, write_json
from kit.model import Item


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

    def put(self, kind: str, key: str, answer: dict[str, Any]) -> None:
        """Store one answer; ``attempts`` counts how often it was given."""
        answers = self.read()
        group = answers.setdefault(kind, {})
        attempts = int(group.get(key, {}).get("attempts", 0)) + 1
        group[key] = {**answer, "attempts": attempts}
        write_json(self.path, answers)


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
