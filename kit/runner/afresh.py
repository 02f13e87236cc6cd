"""The folder of a run as a proof sees it: what the learner's code made, and the trainer's files.

A copy stands in the folder's place while the proof runs, so that a test finds the trainer's
own files by any name, and nothing that it writes comes back.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TICK = 0.02


@dataclass(frozen=True)
class Afresh:
    """``work`` is the run's folder; ``files`` are the trainer's, by their names in ``source``."""

    work: Path
    source: Path
    files: Sequence[str]

    @property
    def _copy(self) -> Path:
        return self.work.with_name(f"{self.work.name}-afresh")

    @property
    def _aside(self) -> Path:
        return self.work.with_name(f"{self.work.name}-aside")

    def enter(self) -> None:
        """Put the copy in the folder's place, and go there."""
        here, folders = _here(), self._folders()
        # what could not be copied is no file
        with suppress(shutil.Error, RecursionError):
            shutil.copytree(self.work, self._copy, symlinks=True, ignore=self._ignored(folders))
        for name in self.files:
            (self._copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.source / name, self._copy / name)
        self.work.rename(self._aside)
        self._copy.rename(self.work)
        os.chdir(self._there(here, folders))

    def leave(self) -> None:
        """Put the folder back as it was, in whichever process."""
        if self._aside.is_dir():
            self.work.rename(self._copy)
            self._aside.rename(self.work)
        with suppress(RecursionError):
            shutil.rmtree(self._copy, ignore_errors=True)

    def changed(self) -> str:
        """The first of the trainer's files that is another in the learner's folder; "" if none."""
        for name in self.files:
            try:
                same = filecmp.cmp(self.source / name, self._aside / name, shallow=False)
            except OSError:
                same = False
            if not same:
                return name
        return ""

    def _there(self, here: Path | None, folders: set[str]) -> Path:
        """Where the cell is to be: a learner's code may have gone where false files lie."""
        if here is None:
            return self.work
        if self.files:
            known = here.is_relative_to(self.work) and str(here.relative_to(self.work)) in folders
            return here if known else self.work
        return here if here.is_dir() else self.work

    def state(self) -> tuple[tuple[str, int, int], ...]:
        """What is another one when a file of the trainer's, or a way to it, has been touched.

        Nobody can set the time of a file's last change, so putting it back does not help.
        """
        if not self.files:
            return ()
        names = [*self.files, *sorted(self._folders() - {"."})]
        places = {"..": self.work.parent, **{name: self.work / name for name in names}}
        return tuple(_touched(name, place) for name, place in places.items())

    def watch(self) -> Watch:
        """From now on, in this process, what happens to the trainer's files is seen."""
        if self.files:
            # the clock of a file system is a slow one
            time.sleep(_TICK)
        return Watch(self)

    def _folders(self) -> set[str]:
        return {str(folder) for name in self.files for folder in Path(name).parents}

    def _ignored(self, folders: set[str]) -> Callable[[str, list[str]], set[str]]:
        files = set(self.files)

        def ignored(here: str, names: list[str]) -> set[str]:
            found = set()
            for name in names:
                path = Path(here, name)
                place = str(path.relative_to(self.work))
                false = place in folders and (path.is_symlink() or not path.is_dir())
                if name == "__pycache__" or place in files or false:
                    found.add(name)
            return found

        return ignored


class Watch:
    """What has happened to the trainer's files, and the folder that the process is in."""

    def __init__(self, folder: Afresh) -> None:
        self._folder, self._before, self._here = folder, folder.state(), Path.cwd()
        self._moved = False
        sys.addaudithook(self._note)

    def _note(self, event: str, _values: object) -> None:
        self._moved |= event == "os.chdir"

    def touched(self, moves: bool) -> str:
        """The first that was touched, "." for the folder; "" if none. ``moves``: it may be left."""
        if not self._folder.files:
            return ""
        pairs = zip(self._before, self._folder.state(), strict=True)
        found = [name for (name, *was), (_, *now) in pairs if was != now]
        if not found and not moves and (self._moved or _here() != self._here):
            return "."
        return found[0] if found else ""


def _touched(name: str, place: Path) -> tuple[str, int, int]:
    try:
        found = place.lstat()
    except OSError:
        return name, 0, 0
    return name, found.st_ino, found.st_ctime_ns


def _here() -> Path | None:
    try:
        return Path.cwd()
    except FileNotFoundError:
        return None
