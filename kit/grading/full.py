"""A disk that takes no more, known again behind whatever met it, and told as what it is."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.errors import GradingError

_FULL = (errno.ENOSPC, errno.EDQUOT)


def is_full(error: BaseException | None) -> bool:
    """Whether a full disk, or a spent quota, is behind an error: the system's or SQLite's."""
    if error is None:
        return False
    if isinstance(error, shutil.Error):
        # of what it met while it copied a folder it keeps the texts alone
        return any(os.strerror(code) in str(error) for code in _FULL)
    if isinstance(error, OSError):
        return error.errno in _FULL
    if isinstance(error, sqlite3.Error):
        return _code(error) == sqlite3.SQLITE_FULL
    # SQLAlchemy keeps the driver's own error
    return is_full(getattr(error, "orig", None)) or is_full(error.__cause__)


def wants_room(error: BaseException) -> bool:
    """Whether room may help: SQLite says no more than "I/O error" when its log finds none."""
    cause = getattr(error, "orig", None)
    return is_full(error) or _code(cause) == sqlite3.SQLITE_IOERR


def _code(error: BaseException | None) -> int:
    # an extended code holds the plain one in its last byte
    return int(getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def no_room(place: Path | str) -> GradingError:
    """What a trainer is told."""
    return GradingError(
        "The disk is full.",
        where=str(place),
        fix="Make room there, then run the command again: what is done stays.",
    )


@contextmanager
def room_in(place: Path) -> Iterator[None]:
    """Around what writes there: a full disk becomes a GradingError."""
    try:
        yield
    except OSError as error:
        if not is_full(error):
            raise
        raise no_room(place) from error


def fullest(places: Iterable[Path]) -> Path:
    """The one whose disk has the least room."""
    return min(places, key=lambda place: shutil.disk_usage(place).free)
