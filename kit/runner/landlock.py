"""Landlock: this process and its children read and write only below the paths named here.

Linux documentation, userspace-api/landlock; numbers are those of linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from kit.runner.libc import called, libc

# the same on every architecture
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION, _BENEATH = 1, 1
_EXECUTE, _WRITE, _READ, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REFER, _TRUNCATE, _IOCTL = 1 << 13, 1 << 14, 1 << 15
# what a rule on a file that is no folder may speak of
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE | _IOCTL
_READING = _EXECUTE | _READ | _READ_DIR
_CONNECT_AND_BIND = 0b11
_DEVICES = ("/dev/full", "/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


def version() -> int:
    """What this system's Landlock knows; 0 where there is none."""
    found: int = libc().syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION)
    return max(0, found)


def restrict_files(
    read: Iterable[str], write: Iterable[str], looked_into: Iterable[str] = ()
) -> None:
    """Allow ``read`` and ``write`` (which is read too) with all below them, and nothing else.

    The devices that keep nothing are written in any case. Of folders ``looked_into`` the
    names below are seen, and no file of them is read. Paths that are not there are left out.
    No network port, no signal and no abstract socket past this process and its children
    either, where the system knows how. OSError without Landlock.
    """
    known = version()
    if not known:
        raise OSError("this system has no Landlock")
    handled = _all_rights(known)
    rules = struct.pack(
        "=QQQ",
        handled,
        _CONNECT_AND_BIND if known >= 4 else 0,
        _ABSTRACT_SOCKETS_AND_SIGNALS if known >= 6 else 0,
    )
    # an older system takes only what it knows
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    ruleset = called(libc().syscall(_CREATE, rules, ctypes.c_size_t(size), 0))
    try:
        for rights, paths in (
            (_READ_DIR, looked_into),
            (_READING, read),
            (_READ | _WRITE | _TRUNCATE, _DEVICES),
            (handled, write),
        ):
            for path in paths:
                _allow(ruleset, path, rights & handled)
        called(libc().syscall(_RESTRICT, ruleset, 0))
    finally:
        os.close(ruleset)


def _all_rights(known: int) -> int:
    rights = (1 << 13) - 1
    return (
        rights
        | (_REFER if known >= 2 else 0)
        | (_TRUNCATE if known >= 3 else 0)
        | (_IOCTL if known >= 5 else 0)
    )


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _OF_FILES
        rule = struct.pack("=Qi", rights, place)
        called(libc().syscall(_ADD, ruleset, _BENEATH, rule, 0))
    finally:
        os.close(place)
