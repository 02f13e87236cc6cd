"""What a process holds as long as it lives: the lock of a folder, a log in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def sealed_log(size: int) -> Iterator[BinaryIO]:
    """A file in memory of ``size`` bytes, empty ones: nobody who holds it makes it longer."""
    # not above: other systems read this file, too
    import fcntl

    file = os.memfd_create("log", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with os.fdopen(file, "w+b", buffering=0) as log:
        log.truncate(size)
        fcntl.fcntl(file, fcntl.F_ADD_SEALS, fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK)
        yield log


def locked(folder: Path) -> int | None:
    """The lock of a folder: an open file. None when somebody else has it, or it is gone."""
    import fcntl

    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(lock).st_ino == folder.lstat().st_ino:
            return lock
    except OSError:
        pass
    os.close(lock)
    return None
