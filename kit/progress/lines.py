"""One line of the progress log: from an attempt and back, with schemas older and newer than ours.

    {"schema": 2, "id": "…", "time": "…", "event": "check", "unit": "…", "exercise": "…",
     "outcome": "…", "label": "…", "version": "…", "data": {}}

Empty parts are left out. Schema 1 had no ``id``. A line of a later schema is kept and says
nothing here; so does a field that this version does not know.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import secrets
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from kit.model import Attempt

SCHEMA = 2
MOVED = "moved"
Row = Mapping[str, Any]

_FIELDS = {field.name for field in fields(Attempt)}
_REQUIRED = {"time", "event", "unit"}
_sequence = itertools.count()


@dataclass(frozen=True)
class Record:
    """A whole line: its id, what it says as JSON, and the attempt, None if it is not for us."""

    id: str
    row: Row
    attempt: Attempt | None


def new_id() -> str:
    """A name for one event, unlike any other's; those of one process sort as they were made."""
    # a fork copies the counter: the random end keeps the two apart
    milliseconds, number = time.time_ns() // 1_000_000, next(_sequence) % 0x10000
    return f"{milliseconds:012x}{number:04x}{secrets.token_hex(4)}"


def encoded(attempt: Attempt) -> bytes:
    """The attempt as one line without its end; values that JSON lacks become text."""
    told = {k: v for k, v in asdict(attempt).items() if v or k in _REQUIRED}
    row = {"schema": SCHEMA, "id": attempt.id, **told}
    line = json.dumps(row, ensure_ascii=False, default=str)
    # half a pair of surrogates is no UTF-8, and its escape is JSON for the same
    return line.encode("utf-8", "backslashreplace")


class LineParser:
    """Turns lines into records; one for each log, since it counts equal lines of schema 1."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def records(self, lines: Iterable[bytes]) -> Iterator[Record]:
        """The records of whole lines; torn and damaged ones, and blanks, are left out."""
        for line in lines:
            record = self.record(line)
            if record is not None:
                yield record

    def record(self, line: bytes) -> Record | None:
        """The record of one line, or None when it is none."""
        row = row_of(line)
        if row is None:
            return None
        # what came without an id gets one that every machine finds alike
        name = row.get("id") or self._named(line)
        return Record(str(name), row, attempt_of(row, str(name)))

    def _named(self, line: bytes) -> str:
        digest = hashlib.sha256(line.strip()).hexdigest()[:16]
        self._seen[digest] += 1
        return f"{digest}-{self._seen[digest]}"


def row_of(line: bytes) -> dict[str, Any] | None:
    """The JSON object of a line, or None."""
    if not line.strip():
        return None
    try:
        row = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def attempt_of(row: Row, name: str) -> Attempt | None:
    """The attempt that a row of schema 1 or 2 tells, None for another schema or wrong types."""
    if row.get("schema", 1) not in range(1, SCHEMA + 1):
        return None
    told = {key: value for key, value in row.items() if key in _FIELDS}
    texts = all(isinstance(value, str) for key, value in told.items() if key not in ("data", "id"))
    if not (told.keys() >= _REQUIRED and texts and isinstance(told.get("data", {}), dict)):
        return None
    return Attempt(**{**told, "id": name})


def carried(attempt: Attempt | None) -> list[Record]:
    """The records that an import brought in one line, each with its id."""
    rows = attempt.data.get("rows") if attempt and attempt.event == MOVED else None
    found = []
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("id"):
            name = str(row["id"])
            found.append(Record(name, row, attempt_of(row, name)))
    return found
