"""Several accounts of one machine: what is done here is done with their rights and no others."""

from __future__ import annotations

import os
import pickle
import pwd
import shutil
import subprocess
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from lifecycle_helpers import collected, joined_home

from kit.grading.collect import Collected
from kit.grading.course import Course, open_course
from kit.grading.exchange import exchange_root
from kit.grading.hand_in import hand_in_part
from kit.grading.inbound import time_text
from kit.home import LearnerHome
from kit.model import Part, Unit

# nbgrader wants a trainer's account to have a name, and every system has this one
TRAINER = pwd.getpwnam("daemon").pw_uid
# numbers that no account has
KIM, MALLORY = 61001, 61002
Made = TypeVar("Made")


def as_account(uid: int, home: Path, call: Callable[..., Made], *args: Any) -> Made:
    """``call`` with the rights of ``uid``, in a child; what it raises is raised here.

    What it imports must be imported before: the interpreter may lie where only root goes.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.environ["HOME"] = str(home)
            os.environ.pop("IPYTHONDIR", None)
            os.chdir(home)
            os.umask(0o022)
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            told: tuple[bool, Any] = (True, call(*args))
        except BaseException as error:
            error.add_note(traceback.format_exc())
            told = (False, error)
        try:
            os.write(writing, pickle.dumps(told))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        data = stream.read()
    os.waitpid(child, 0)
    done, value = pickle.loads(data)
    if not done:
        raise value
    made: Made = value
    return made


def shell(uid: int, command: str, **names: object) -> subprocess.CompletedProcess[str]:
    """A command line of an account; ``names`` are its variables."""
    return subprocess.run(
        ["/bin/sh", "-c", command],
        user=uid,
        group=uid,
        extra_groups=[],
        cwd="/",
        env={"PATH": os.environ["PATH"], **{name: str(value) for name, value in names.items()}},
        capture_output=True,
        text=True,
        check=False,
    )


def give(folder: Path, uid: int, group: int | None = None) -> Path:
    """Make all of a folder an account's; what belongs to somebody else than root stays theirs."""
    for path in (folder, *folder.rglob("*")):
        if path.lstat().st_uid == 0:
            os.chown(path, uid, uid if group is None else group, follow_symlinks=False)
    return folder


def home_of(course: Course, uid: int, learner: str, base: Path) -> LearnerHome:
    """A learner's home that the account owns."""
    home = joined_home(course, exchange_root(course), learner, base / learner)
    give(home.root, uid)
    return home


def handed_in(home: LearnerHome, uid: int, unit: Unit) -> Path:
    """Hand in the graded part as the account; returns the folder in the exchange."""
    inbound = Path(str(home.exchange), home.course, "inbound")
    before = set(inbound.iterdir())
    as_account(uid, home.root, hand_in_part, home, unit, Part.GRADED)
    (place,) = set(inbound.iterdir()) - before
    return place


@contextmanager
def open_place(name: Path) -> Iterator[Path]:
    """A folder that every account can pass through."""
    name.mkdir(mode=0o755)
    name.chmod(0o755)
    try:
        yield name
    finally:
        shutil.rmtree(name)


@dataclass
class Place:
    """A course of the trainer's account, and what kim handed in."""

    base: Path
    course: Course
    kim: LearnerHome
    folder: Path
    unit: Unit

    @property
    def exchange(self) -> Path:
        return exchange_root(self.course)

    @property
    def inbound(self) -> Path:
        return self.exchange / "mig26" / "inbound"

    def collect(self) -> dict[tuple[str, str], Collected]:
        """The trainer's account collects, without root's rights."""
        return as_account(TRAINER, self.base, collected, open_course(self.course.root), self.unit)

    def row(self, learner: str) -> Collected:
        return self.collect()[learner, "tiny"]

    def offer(self, uid: int, learner: str, ago: timedelta = timedelta()) -> Path:
        """A copy of kim's work that an account puts there under any name, as it likes."""
        when = time_text(datetime.now(UTC) - ago)
        made = self.inbound / f"{learner}+tiny+{when}+{uid}"
        shutil.copytree(self.folder, made)
        (made / "timestamp.txt").write_text(when, encoding="utf-8")
        # as the inbound folder passes the group on
        return give(made, uid, TRAINER)

    def again(self) -> Path:
        """kim hands in once more."""
        return handed_in(self.kim, KIM, self.unit)


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """All that lies in a folder: modes and contents by name."""
    return {
        path.relative_to(folder).as_posix(): (
            path.lstat().st_mode,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted((folder, *folder.rglob("*")))
    }
