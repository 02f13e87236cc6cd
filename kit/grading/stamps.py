"""The time of a hand-in, from a file that anybody may have written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from kit.cohort import NO_TIME
from kit.i18n import phrase

STAMP = "timestamp.txt"
# nbgrader writes thirty characters
LIMIT = 1000
# what every table, database and report can hold
YEARS = range(1970, 2200)


def stamp_fault(folder: Path) -> str:
    """Why the time of a submission cannot be read; empty when it can, or there is none."""
    from nbgrader.utils import parse_utc

    path = folder / STAMP
    try:
        if not path.is_symlink() and not path.exists():
            return ""
        # a link or a pipe might never end
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LIMIT:
            return phrase(NO_TIME, name=STAMP)
        text = path.read_text(encoding="utf-8").strip()
        if text in ("", "None") or parse_utc(text).year in YEARS:
            return ""
    except Exception:
        # whatever a parser of dates raises at a text that was made for it
        return phrase(NO_TIME, name=STAMP)
    return phrase(NO_TIME, name=STAMP)


def stamp_of(directory: Any, folder: Path) -> datetime | None:
    """As nbgrader's ``get_existing_timestamp``; None where the file says no time."""
    if stamp_fault(folder):
        return None
    stamp: datetime | None = directory.get_existing_timestamp(str(folder))
    return stamp
