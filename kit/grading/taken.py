"""One folder of the exchange is copied out, as if whoever owns it meant harm.

Its owner can change it at any time, also while it is read. So nothing is opened by a path
that leads through it: each step goes from an open folder, follows no link, waits for no
pipe, and looks at what was opened, not at what was listed.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from kit.grading.bounds import MOST_FILES, too_much
from kit.grading.receipts import plain, shown
from kit.i18n import mark, phrase

DEEPEST = 20
_BLOCK = 1024 * 1024


class Refused(Exception):
    """A submission is not taken; ``why`` is a phrase."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class Taken:
    """What was copied: sums of its files by name, and when the last change to it arrived.

    ``arrived`` (UTC) is the system's own record of changes, which no owner can set back.
    """

    files: dict[str, str] = field(default_factory=dict)
    arrived: datetime = field(default=datetime.min.replace(tzinfo=UTC))
    size: int = 0


def open_folder(path: Path | str, beside: int | None = None) -> int:
    """A descriptor of a real folder, below the open folder ``beside``; OSError otherwise."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    return os.open(path, flags, dir_fd=beside)


def account_of(descriptor: int) -> str:
    """The account that owns what is open, by name or number."""
    from kit.runner.accounts import account_name

    return account_name(os.fstat(descriptor).st_uid)


def take(folder: int, target: Path, most: int) -> Taken:
    """Copy an open folder to ``target``, which must not be there; ``most`` is in bytes.

    Refused for links, pipes, sockets, devices, files of another account, for too much, and
    for what changes meanwhile. The copy is then incomplete and the caller's to remove.
    """
    made = Taken()
    _Copying(os.fstat(folder), most, made).folder(folder, target, "", 0)
    for notebook in sorted(target.glob("*.ipynb")):
        if notebook.is_file() and (why := too_much(notebook)):
            raise Refused(why)
    return made


class _Copying:
    def __init__(self, top: os.stat_result, most: int, made: Taken) -> None:
        self._top, self._most, self._made = top, most, made

    def folder(self, opened: int, target: Path, within: str, depth: int) -> None:
        self._mine(opened, within)
        if depth > DEEPEST:
            raise Refused(phrase(mark("folders lie too deep")))
        target.mkdir()
        with os.scandir(opened) as listed:
            names = sorted(entry.name for entry in listed)
        for name in names:
            self._one(opened, target / name, name, f"{within}{name}", depth)
        # a folder that was filled meanwhile would come out in part
        self._arrived(os.fstat(opened))

    def _one(self, beside: int, target: Path, name: str, path: str, depth: int) -> None:
        found = os.stat(name, dir_fd=beside, follow_symlinks=False)
        if stat.S_ISDIR(found.st_mode):
            opened = open_folder(name, beside)
            try:
                self.folder(opened, target, f"{path}/", depth + 1)
            finally:
                os.close(opened)
            return
        if not stat.S_ISREG(found.st_mode):
            raise Refused(phrase(mark("{name} is a link or no file"), name=shown(path)))
        # what was a file a moment ago may be a pipe now, which would wait for ever
        opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=beside)
        try:
            self._file(opened, target, path)
        finally:
            os.close(opened)

    def _file(self, opened: int, target: Path, path: str) -> None:
        before = self._mine(opened, path)
        if not stat.S_ISREG(before.st_mode):
            raise Refused(phrase(mark("{name} is a link or no file"), name=shown(path)))
        if len(self._made.files) >= MOST_FILES:
            raise Refused(phrase(mark("more than {most} files"), most=MOST_FILES))
        told = hashlib.sha256()
        with target.open("xb") as copy:
            while block := os.read(opened, _BLOCK):
                self._made.size += len(block)
                if self._made.size > self._most:
                    raise Refused(phrase(mark("more than {most} MB"), most=self._most // 1_000_000))
                told.update(block)
                copy.write(block)
        after = os.fstat(opened)
        if (after.st_ctime_ns, after.st_size) != (before.st_ctime_ns, before.st_size):
            raise Refused(phrase(mark("{name} changed while it was read"), name=shown(path)))
        self._made.files[plain(path)] = told.hexdigest()
        self._arrived(after)

    def _mine(self, opened: int, path: str) -> os.stat_result:
        found = os.fstat(opened)
        # a hard link, or a folder of another disk, would bring in what is somebody else's
        if (found.st_uid, found.st_dev) != (self._top.st_uid, self._top.st_dev):
            raise Refused(phrase(mark("{name} is somebody else's"), name=shown(path)))
        return found

    def _arrived(self, found: os.stat_result) -> None:
        changed = datetime.fromtimestamp(found.st_ctime_ns / 1e9, UTC)
        self._made.arrived = max(self._made.arrived, changed)
