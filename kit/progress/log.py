"""The append-only progress log: JSON Lines, one attempt a line."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from kit.model import Attempt

SCHEMA = 1


def now() -> str:
    """This moment, UTC, ISO 8601 to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class ProgressLog:
    """Appends and reads attempts. Several kernels may append at once.

    Each attempt is one ``write`` to a file opened for appending, so lines of two
    kernels do not mix; it is on disk when ``append`` returns. A line torn by a
    crash is skipped when reading and closed off by the next append.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, attempt: Attempt) -> None:
        """Write one attempt durably."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        row = {"schema": SCHEMA, **{k: v for k, v in asdict(attempt).items() if v}}
        line = json.dumps(row, ensure_ascii=False, default=str) + "\n"
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            if size and _last_byte(descriptor, size) != b"\n":
                line = "\n" + line
            os.write(descriptor, line.encode("utf-8"))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def read(self) -> list[Attempt]:
        """All attempts in order; a damaged line is left out, never the rest."""
        if not self.path.is_file():
            return []
        attempts = []
        for line in self.path.read_bytes().split(b"\n"):
            attempt = _parse(line)
            if attempt is not None:
                attempts.append(attempt)
        return attempts


def _last_byte(descriptor: int, size: int) -> bytes:
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1)


def _parse(line: bytes) -> Attempt | None:
    if not line.strip():
        return None
    try:
        row = json.loads(line.decode("utf-8"))
        row.pop("schema", None)
        return Attempt(**row)
    except (ValueError, TypeError, AttributeError):
        return None
