"""What a fenced run sees of the file system: all of it read-only, and a room in memory.

The room is a file system of its own that lives as long as the run's processes do: it has a
size and a number of files, nobody else sees it, and nothing is left of it to remove.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import struct
from pathlib import Path

from kit.runner.libc import called, libc

MEGABYTE = 2**20
# folders of a room: what was handed in, and what a program wants for itself
WORK, HOME, SCRATCH, SHARED = "work", "home", "tmp", "shared"
# where the C library keeps locks of several processes
SHARED_MEMORY = "/dev/shm"

_BIND, _PRIVATE_BELOW, _BELOW = 0x1000, 0x4000 | 1 << 18, 0x8000
_NO_SETUID_NO_DEVICES = 2 | 4
# the same on every architecture
_MOUNT_SETATTR, _HERE, _READ_ONLY = 442, -100, 1


def own_mounts() -> None:
    """From now on no mount of this process is one of the system's."""
    called(libc().mount(b"none", b"/", None, _PRIVATE_BELOW, None))


def make_room(place: str, filled_from: str, megabytes: int, files: int) -> None:
    """Put an empty file system over the folder ``place``, with a copy in ``work``; go there.

    OSError when that is larger than ``megabytes``, or more than ``files``.
    """
    told = f"size={megabytes}m,nr_inodes={files},mode=0700".encode()
    called(libc().mount(b"room", place.encode(), b"tmpfs", _NO_SETUID_NO_DEVICES, told))
    for name in (HOME, SCRATCH, SHARED):
        Path(place, name).mkdir()
    if Path(SHARED_MEMORY).is_dir():
        # a part of the room: it has the room's limits
        _bind(f"{place}/{SHARED}", SHARED_MEMORY)
    # a link is copied as a link, and leads nowhere that the fence does not allow
    shutil.copytree(filled_from, Path(place, WORK), symlinks=True)
    os.chdir(Path(place, WORK))


def make_read_only(written: tuple[str, ...]) -> None:
    """Mount everything read-only but what is written: no mode or time of a file changes either.

    Landlock does not look at these calls.
    """
    here = Path.cwd()
    for place in written:
        _bind(place, place)
    _set_mount("/", struct.pack("QQQQ", _READ_ONLY, 0, 0, 0), _BELOW)
    for place in written:
        _set_mount(place, struct.pack("QQQQ", 0, _READ_ONLY, 0, 0), 0)
    # the folder as it was lies below the new one
    os.chdir(here)


def _bind(place: str, over: str) -> None:
    called(libc().mount(place.encode(), over.encode(), None, _BIND, None))


def _set_mount(place: str, change: bytes, flags: int) -> None:
    size = ctypes.c_size_t(len(change))
    called(libc().syscall(_MOUNT_SETATTR, _HERE, place.encode(), flags, change, size))
