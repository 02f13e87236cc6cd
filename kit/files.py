"""Small file duties: atomic writes, nothing half-written after a crash; names and hashes."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def write_bytes(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` at once: a reader sees the old or the new file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Like write_bytes, for UTF-8 text with ``\\n`` line ends."""
    write_bytes(path, text.encode("utf-8"))


def write_json(path: Path, value: Any) -> None:
    """Like write_text, for a JSON value, indented and with Hangul readable."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def read_json(path: Path, default: Any = None) -> Any:
    """The JSON value in ``path``, or ``default`` when there is no such file."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return default


def hash_file(path: Path) -> str:
    """SHA-256 of a file of any size, as hexadecimal text."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def labels_of(paths: Sequence[Path]) -> list[str]:
    """Name each file; where two share a name, the folder tells them apart."""
    counts = Counter(path.name for path in paths)
    return [p.name if counts[p.name] == 1 else f"{p.parent.name}/{p.name}" for p in paths]


def hash_files(paths: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of each file by its label."""
    return dict(zip(labels_of(paths), map(hash_file, paths), strict=True))
