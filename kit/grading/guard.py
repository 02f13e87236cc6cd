"""The exchange's folders: whose they are and what others may do there, seen to by each command.

Who owns a folder decides who can rename what lies in it; the sticky bit leaves that to the
owner of each thing. nbgrader sets neither.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from kit.errors import GradingError
from kit.grading.course import Course
from kit.grading.exchange import exchange_root
from kit.i18n import phrase

# others go through; the bits that have to be there, and those that must not
_WAYS = {
    "": (0o055, 0o022),
    "outbound": (0o055, 0o022),
    # put in, and neither list nor take out; the trainer's group is passed on
    "inbound": (stat.S_ISVTX | stat.S_ISGID | 0o033, 0o004),
    # a name that one knows can be read, and the names cannot
    "feedback": (0o011, 0o026),
}


def guard_exchange(course: Course) -> list[str]:
    """Mend the modes of the course's folders in the exchange; returns what to tell, phrases.

    What only somebody else can mend is told with the command for it. GradingError when
    one of the course's folders is a link or somebody else's: then anything could lie there.
    """
    root = exchange_root(course)
    if os.name != "posix" or not root.is_dir():
        return []
    place = root / course.course_id
    # trainers who share a course by their group write in it
    group = 0o070 if course.config.CourseDirectory.get("groupshared") else 0
    told = []
    for name, (wanted, unwanted) in _WAYS.items():
        folder = place / name
        if not os.path.lexists(folder):
            continue
        _prove_ours(course, folder, shared=bool(group))
        told += _mend(folder, wanted | group, unwanted & ~group)
    return [*told, *_root(course, root)]


def _prove_ours(course: Course, folder: Path, *, shared: bool) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or (not shared and found.st_uid not in _ours(course)):
        raise GradingError(
            "The course's folder in the exchange is a link, or another account's: {account}",
            where=str(folder),
            fix="Find out who made it and have it moved away; then: upskill release UNIT",
            account=_name(folder),
        )


def _ours(course: Course) -> set[int]:
    return {0, course.root.stat().st_uid}


def _mend(folder: Path, wanted: int, unwanted: int) -> list[str]:
    mode = stat.S_IMODE(folder.stat().st_mode)
    better = (mode | wanted) & ~unwanted
    if mode == better:
        return []
    try:
        folder.chmod(better)
    except PermissionError:
        return [_to_mend(folder, f"chmod {better:o} {folder}")]
    modes = {"before": f"{mode:04o}", "now": f"{better:04o}"}
    return [phrase("Mended: {folder} had mode {before}, now {now}.", folder=folder, **modes)]


def _root(course: Course, root: Path) -> Iterator[str]:
    ours = _ours(course)
    for folder in (root, *root.parents):
        found = folder.stat()
        loose = found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX
        if loose and found.st_uid in ours and folder == root:
            yield from _mend(folder, stat.S_ISVTX, 0)
        elif loose:
            yield _to_mend(folder, f"chmod +t {folder}")
        if found.st_uid not in ours:
            yield _to_mend(folder, f"chown root {folder}")


def _to_mend(folder: Path, command: str) -> str:
    return phrase(
        "Learners could rename the course in the exchange, by way of {folder} (owner: {account}). "
        "Ask whoever runs this machine for: {command}",
        folder=folder,
        account=_name(folder),
        command=command,
    )


def _name(folder: Path) -> str:
    try:
        return folder.owner()
    except (KeyError, OSError):
        return str(folder.lstat().st_uid)
