"""Where a graded notebook runs: a folder of its own, fences around it, nobody's secrets inside.

On the system's disk a room is an empty folder; a run gets a file system in memory over it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import kit
from kit.content import load_units
from kit.runner.held import locked, sealed_log
from kit.runner.isolate import NOBODY, Fence
from kit.runner.mounts import HOME, MEGABYTE, SCRATCH

# of the system: programs, libraries, fonts, time zones; of devices those that keep nothing
_SYSTEM = (
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/timezone",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/self",
    "/proc/stat",
    # databases and thread pools look here for what they may take
    "/sys/devices/system/cpu",
    "/sys/fs/cgroup",
)
# what a run may print past Jupyter, and what of it is kept
LOG_SIZE, LOG_LIMIT = MEGABYTE, 65_536
# megabytes and files that a run may add to what was handed in
DISK, FILES = 512, 10_000
_PREFIX = "upskill-room-"
# of a prefix: its configuration may hold passwords, nbgrader's exchange others' submissions
_OF_PREFIX = ("bin", "include", "lib", "lib32", "lib64", "libexec", "pyvenv.cfg", "sbin")
_OF_SHARE = ("fonts", "icu", "jupyter", "locale", "mime", "terminfo", "zoneinfo")
# of a unit these reach no learner
_TRAINERS = ("solution.py", "misconceptions", "private", "mutants.toml")


@dataclass(frozen=True)
class Room:
    """``folder`` is empty here; ``work`` in it is the run's, with a copy of what was handed in.

    ``fence`` lets nothing else be written. ``environment`` is what such a run has in its own;
    ``log`` takes what it prints past Jupyter.
    """

    folder: Path
    fence: Fence
    environment: dict[str, str]
    log: BinaryIO


@contextmanager
def room(
    handed_in: Path, memory: int = Fence.memory, prefixes: Iterable[str] = ()
) -> Iterator[Room]:
    """A room for one run, given up with all that the run left in it; ``memory`` in megabytes.

    ``prefixes`` are other installations of Python's than ours, for it to read.
    """
    _sweep()
    folder, lock = _own_folder()
    try:
        with sealed_log(LOG_SIZE) as log:
            fence = _fence(folder, handed_in, memory, prefixes)
            yield Room(folder, fence, _environment(folder), log)
    finally:
        _remove(folder)
        os.close(lock)


@contextmanager
def as_handed_in(folder: Path, handed_in: Path) -> Iterator[list[bytes]]:
    """Have the notebooks of ``handed_in`` in ``folder``, in place of those that lie there.

    Graded ones hold their hidden tests, and what these have shown. They are yielded, and come
    back in the end.
    """
    graded = {path: path.read_bytes() for path in folder.glob("*.ipynb")}
    try:
        for path in graded:
            path.unlink()
        for path in handed_in.glob("*.ipynb"):
            if path.is_file() and not path.is_symlink():
                shutil.copyfile(path, folder / path.name)
        yield [*graded.values()]
    finally:
        for path in folder.glob("*.ipynb"):
            path.unlink()
        for path, data in graded.items():
            path.write_bytes(data)


def _fence(folder: Path, handed_in: Path, memory: int, prefixes: Iterable[str]) -> Fence:
    size, number = _weight(handed_in)
    # an import looks through the folder that a module lies in
    listed = tuple({str(unit.folder.parents[1]) for unit in load_units().values()})
    return Fence(
        read=(*_readable(prefixes), *_SYSTEM),
        looked_into=listed,
        room=str(folder),
        filled_from=str(handed_in.resolve()),
        disk=DISK + size // MEGABYTE,
        files=FILES + number,
        memory=memory,
        user=NOBODY + os.getpid(),
    )


def _environment(folder: Path) -> dict[str, str]:
    return {
        "HOME": str(folder / HOME),
        "TMPDIR": str(folder / SCRATCH),
        # asked of them before the system, which knows no such user
        "USER": "learner",
        "LOGNAME": "learner",
    }


def _weight(folder: Path) -> tuple[int, int]:
    """Bytes and files below a folder; no link is followed."""
    size = number = 0
    for here, folders, files in os.walk(folder):
        number += len(folders) + len(files)
        for name in files:
            with suppress(OSError):
                size += Path(here, name).lstat().st_size
    return size, number


def _own_folder() -> tuple[Path, int]:
    """An empty folder, and its lock, which is held as long as this process lives."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()
        lock = locked(folder)
        if lock is not None:
            return folder, lock


@lru_cache(maxsize=1)
def _sweep() -> None:
    """Remove the rooms of this user whose process was killed. Once in each process."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        lock = locked(folder)
        if lock is not None:
            _remove(folder)
            os.close(lock)


def _remove(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        # an ordinary kernel's sockets, and folders nested too deep for Python to remove
        remove = ["rm", "-rf", "--one-file-system", str(folder)]
        subprocess.run(remove, check=False, capture_output=True)


def keep_log(log: BinaryIO, course_log: Path) -> None:
    """Add what a run printed past Jupyter to the course's log, as much as anybody reads."""
    log.seek(0)
    with course_log.open("ab") as kept:
        kept.write(log.read(LOG_LIMIT).rstrip(b"\0"))


def _readable(prefixes: Iterable[str]) -> Iterator[str]:
    yield str(Path(kit.__file__).parent)
    ours = (sys.prefix, sys.base_prefix, "/usr", "/usr/local")
    for prefix in dict.fromkeys((*ours, *prefixes)):
        yield from (f"{prefix}/{name}" for name in _OF_PREFIX)
        yield from (f"{prefix}/share/{name}" for name in _OF_SHARE)
    # an editable installation finds its packages elsewhere
    yield from (path for path in sys.path if path.endswith("site-packages"))
    for unit in load_units().values():
        yield from map(str, unit.folder.parents[1].glob("*.toml"))
        for path in unit.folder.iterdir():
            if path.name not in _TRAINERS:
                yield str(path)
