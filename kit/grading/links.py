"""What was handed in holds files and folders: links into other places are removed first.

nbgrader copies what a link leads to, into folders that a learner's code and the feedback read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from kit.errors import GradingError
from kit.grading.remarks import LINKS
from kit.i18n import phrase

# of a course these hold submissions, some of them under two names
_OF_LEARNERS = ("submitted", "history", ".collecting")
# names in a remark
_NAMED = 5
_removed: dict[Path, list[str]] = {}


def remove_links(folder: Path, course: Path) -> None:
    """Remove from a submission what is no file or folder of its own.

    That is links, pipes and devices, and second names of files that are somebody else's or
    lie in the course. ``take_remark`` tells of it. GradingError when one cannot be removed.
    """
    found = [path for path in _entries(folder) if _leads_away(path, folder, course)]
    for path in found:
        try:
            path.parent.chmod(path.parent.stat().st_mode | stat.S_IWUSR)
            path.unlink()
        except OSError as error:
            raise GradingError(
                "A link in a submission cannot be removed: {reason}",
                where=str(path),
                fix="Remove it, then run the command again: rm {path}",
                reason=error.strerror or error,
                path=path,
            ) from None
    if found:
        _removed[folder.resolve()] = [str(path.relative_to(folder)) for path in found]


def take_remark(folder: Path) -> list[str]:
    """The remark on what was removed from a submission, once; empty for nothing."""
    names = _removed.pop(folder.resolve(), [])
    return [str(phrase(LINKS, files=", ".join(names[:_NAMED])))] if names else []


def before_converting(*, notebooks: list[str], **_names: str) -> None:
    """nbgrader's ``pre_convert_hook``: the same for its own commands, which run in the course."""
    for folder in dict.fromkeys(Path(path).parent for path in notebooks):
        try:
            remove_links(folder, Path.cwd())
        except GradingError as error:
            # nbgrader would log any other error, and copy all the same
            raise SystemExit(str(error)) from None


def _entries(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        yield from (Path(here, name) for name in (*folders, *files))


def _leads_away(path: Path, folder: Path, course: Path) -> bool:
    told = path.lstat()
    if stat.S_ISDIR(told.st_mode):
        return False
    if not stat.S_ISREG(told.st_mode):
        return True
    if told.st_nlink == 1:
        return False
    return told.st_uid != folder.stat().st_uid or _key(told) in set(_of_course(course))


def _of_course(course: Path) -> Iterator[tuple[int, int]]:
    for here, folders, files in os.walk(course):
        if Path(here) == course:
            folders[:] = [name for name in folders if name not in _OF_LEARNERS]
        for name in files:
            yield _key(Path(here, name).lstat())


def _key(told: os.stat_result) -> tuple[int, int]:
    return told.st_dev, told.st_ino
