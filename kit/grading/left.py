"""Files that a learner's code leaves where it is graded: hidden data that no page shows.

nbgrader carries every file of a graded folder on into the feedback folder.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

# what nbgrader's exchange needs beside a page to release it
OF_THE_EXCHANGE = frozenset({"timestamp.txt", "submission_secret.txt"})
# of what one run has made: files, bytes in all, folders in folders
MOST_FILES = 1000
MOST_BYTES = 64 * 2**20
DEEPEST = 20


def take_back(graded: Path, *origins: Path) -> None:
    """Bring the folder of a graded submission back to the files of ``origins``.

    What a run has changed comes from the first origin that has it; what it has made goes.
    Notebooks of the same name stay: nbgrader writes those itself.
    """
    for here, folders, files in os.walk(graded, topdown=False):
        for name in (*files, *folders):
            path = Path(here, name)
            place = path.relative_to(graded)
            origin = next((o / place for o in origins if (o / place).exists()), None)
            if path.is_dir() and not path.is_symlink():
                if origin is None:
                    shutil.rmtree(path)
            elif origin is None:
                path.unlink()
            elif not _same(path, origin):
                path.unlink()
                shutil.copy(origin, path)


def _same(path: Path, origin: Path) -> bool:
    # a link or a pipe in a file's place would be read later, by the grader
    if path.is_symlink() or not path.is_file():
        return False
    return path.suffix == ".ipynb" or filecmp.cmp(path, origin, shallow=False)


def bring(ran: Path, graded: Path) -> tuple[int, list[str]]:
    """Copy what a run has made or changed in its own folder ``ran`` to ``graded``.

    As if it had run there, which nbgrader's other steps and next notebooks count on; only
    notebooks stay as nbgrader wrote them. Links, pipes and whatever is above the limits are
    left behind: their names are returned, after the number of those that were copied. Nothing of
    the run may be alive any more.
    """
    found, size, behind = 0, 0, list[str]()
    for path, told in _made(ran, graded):
        place = path.relative_to(ran)
        found, size = found + 1, size + told.st_size
        # a second name for a file may be one of somebody else's
        plain = stat.S_ISREG(told.st_mode) and told.st_nlink == 1
        small = found <= MOST_FILES and size <= MOST_BYTES
        if not (plain and small and _inside(graded, place) and _copied(path, graded / place)):
            behind.append(str(place))
    return found - len(behind), behind


def _copied(path: Path, target: Path) -> bool:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # in a link's place, not through it
        target.unlink(missing_ok=True)
        shutil.copyfile(path, target)
    except OSError:
        return False
    return True


def _made(ran: Path, graded: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for here, folders, files in os.walk(ran):
        place = Path(here).relative_to(ran)
        if len(place.parts) >= DEEPEST:
            folders.clear()
        links = [name for name in folders if Path(here, name).is_symlink()]
        for name in (*files, *links):
            path = Path(here, name)
            told, old = _lstat(path), _lstat(graded / place / name)
            new = told and (old is None or _stamp(told) != _stamp(old))
            if told and new and path.suffix != ".ipynb":
                yield path, told


def _lstat(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except OSError:
        return None


def _stamp(told: os.stat_result) -> tuple[int, int, int]:
    return stat.S_IFMT(told.st_mode), told.st_size, told.st_mtime_ns


def _inside(folder: Path, place: Path) -> bool:
    # a link among what was handed in could lead anywhere, and a folder cannot be a file
    parents = [folder / parent for parent in place.parents]
    return not (folder / place).is_dir() and not any(
        parent.is_symlink() or (parent.exists() and not parent.is_dir()) for parent in parents[:-1]
    )


def only_pages(folder: Path, notebooks: Collection[str]) -> None:
    """Leave in a feedback folder the pages of ``notebooks``, by name, and the exchange's files."""
    kept = {f"{name}.html" for name in notebooks} | OF_THE_EXCHANGE
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name not in kept:
            path.unlink()
