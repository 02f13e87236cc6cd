"""Files that a person may have worked on are replaced, and never lost."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

from kit.files import write_bytes

# holds the time of saving, so it differs in every copy
_STAMP = "docProps/core.xml"


def write_kept(path: Path, data: bytes) -> Path | None:
    """Replace ``path`` by ``data``; a file of other content is kept as a dated copy beside it.

    Returns the copy's path, or None when there was nothing to keep.
    """
    copy = None
    if path.is_file():
        old = path.read_bytes()
        if not _same(old, data):
            copy = _dated(path)
            write_bytes(copy, old)
    write_bytes(path, data)
    return copy


def _same(old: bytes, new: bytes) -> bool:
    return old == new or (_parts(old) or {"": old}) == (_parts(new) or {"": new})


def _parts(data: bytes) -> dict[str, bytes]:
    """The parts of an office file without its time of saving; empty for any other file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {n: archive.read(n) for n in archive.namelist() if n != _STAMP}
    except zipfile.BadZipFile:
        return {}


def _dated(path: Path) -> Path:
    """A free name with the time when the old file was last changed."""
    stamp = datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d-%H%M%S")
    copy, number = path.with_name(f"{path.stem}-{stamp}{path.suffix}"), 1
    while copy.exists():
        number += 1
        copy = path.with_name(f"{path.stem}-{stamp}-{number}{path.suffix}")
    return copy
