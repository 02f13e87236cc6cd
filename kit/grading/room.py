"""Where a graded notebook runs: a folder of its own, fences around it, nobody's secrets inside."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import kit
from kit.content import load_units
from kit.runner.isolate import NOBODY, Fence, give, probe
from kit.runner.spawn import supported

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
)
LOG_LIMIT = 65_536
# of a prefix: its configuration may hold passwords, nbgrader's exchange others' submissions
_OF_PREFIX = ("bin", "include", "lib", "lib32", "lib64", "libexec", "pyvenv.cfg", "sbin")
_OF_SHARE = ("fonts", "icu", "jupyter", "locale", "mime", "terminfo", "zoneinfo")
# of a unit these reach no learner
_TRAINERS = ("solution.py", "misconceptions", "private", "mutants.toml")


@lru_cache(maxsize=1)
def unfenced() -> str:
    """Why nothing can be fenced on this system, or "" where it can."""
    if not supported():
        return f"{sys.platform}: Linux alone can"
    return probe()


@dataclass(frozen=True)
class Room:
    """``folder`` holds a copy of what was handed in, ``fence`` lets nothing else be written.

    ``environment`` is what such a run has in its own; ``log`` takes what it prints past
    Jupyter.
    """

    folder: Path
    fence: Fence
    environment: dict[str, str]
    log: Path


@contextmanager
def room(handed_in: Path) -> Iterator[Room]:
    """A room for one run, removed with all that the run left in it."""
    base = Path(tempfile.mkdtemp(prefix="upskill-room-"))
    try:
        folder, user = base / "work", NOBODY + os.getpid()
        # a link is copied as a link, and leads nowhere that the fence does not allow
        shutil.copytree(handed_in, folder, symlinks=True)
        for own in ("home", "tmp"):
            (base / own).mkdir()
        give(base, user)
        written = (str(folder), str(base / "home"), str(base / "tmp"))
        # an import looks through the folder that a module lies in
        listed = tuple({str(unit.folder.parents[1]) for unit in load_units().values()})
        read = (*_readable(), *_SYSTEM)
        fence = Fence(read=read, write=written, looked_into=listed, user=user)
        environment = {
            "HOME": str(base / "home"),
            "TMPDIR": str(base / "tmp"),
            # asked of them before the system, which knows no such user
            "USER": "learner",
            "LOGNAME": "learner",
        }
        yield Room(folder, fence, environment, base / "log")
    finally:
        # folders nested too deep for Python are what a run may have left
        remove = ["rm", "-rf", "--one-file-system", str(base)]
        subprocess.run(remove, check=False, capture_output=True)


def keep_log(log: Path, course_log: Path) -> None:
    """Add what a run printed past Jupyter to the course's log, as much as anybody reads."""
    with log.open("rb") as said, course_log.open("ab") as kept:
        kept.write(said.read(LOG_LIMIT))


def _readable() -> Iterator[str]:
    yield str(Path(kit.__file__).parent)
    for prefix in dict.fromkeys((sys.prefix, sys.base_prefix, "/usr", "/usr/local")):
        yield from (f"{prefix}/{name}" for name in _OF_PREFIX)
        yield from (f"{prefix}/share/{name}" for name in _OF_SHARE)
    # an editable installation finds its packages elsewhere
    yield from (path for path in sys.path if path.endswith("site-packages"))
    for unit in load_units().values():
        yield from map(str, unit.folder.parents[1].glob("*.toml"))
        for path in unit.folder.iterdir():
            if path.name not in _TRAINERS:
                yield str(path)
