"""Submissions come in: nbgrader collects, the kit keeps what nbgrader would throw away.

nbgrader deletes a collected submission when a newer one comes. Here it moves to
COURSE/history/. A request to look at a grade again comes as the same work with
``regrade.json``: then the earlier submission stays, with its time, and is not late.
"""

from __future__ import annotations

import getpass
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from kit.answers import ANSWERS
from kit.errors import GradingError
from kit.grading.cohort_file import roster
from kit.grading.course import Course
from kit.grading.exchange import exchange_root, keep_exchange, prove_exchange, transfer
from kit.grading.full import room_in
from kit.grading.gather import Seen
from kit.grading.guard import guard_exchange
from kit.grading.hand_in import REQUESTS
from kit.grading.receipts import sums, total
from kit.grading.removed import forget_removed
from kit.grading.snapshot import keep_earlier
from kit.grading.store import save_request
from kit.home import notebook_name
from kit.i18n import phrase
from kit.model import Part, Unit

NEW, NEWER, UNCHANGED, ASKED, MISSING = "new", "newer", "unchanged", "asked", "missing"
REQUEST_LIMIT = 256 * 1024


@dataclass(frozen=True)
class Collected:
    """One learner and assignment after collecting. ``submitted_at`` is UTC.

    ``state`` is new, newer, unchanged, asked (a request, the work is as before) or
    missing. ``notes`` say what a trainer should look at, phrases. ``enrolled``: on the
    roster, or there is none. ``account`` is the system's that it came from, "" unknown.
    ``receipt`` is of what lies in the course, to compare with the learner's; "" for nothing.
    ``waits``: newer work is in the exchange still, since the course's disk had no room for it.
    """

    assignment: str
    learner: str
    state: str
    submitted_at: datetime | None = None
    notes: tuple[str, ...] = ()
    enrolled: bool = True
    account: str = ""
    receipt: str = ""
    waits: bool = False


class _Request(BaseModel):
    unit: Annotated[str, StringConstraints(max_length=128)]
    exercise: Annotated[str, StringConstraints(max_length=128)]
    because: Annotated[str, StringConstraints(max_length=4000, strip_whitespace=True)]
    asked_at: datetime


class _Requests(BaseModel):
    """``regrade.json`` as it may come in: anybody can edit it."""

    format: Literal[1]
    requests: Annotated[list[_Request], Field(max_length=100)]


def collect(course: Course, unit: Unit) -> list[Collected]:
    """Collect both assignments of a unit; rows by assignment, then learner.

    Somebody whose submission cannot be collected is named in a note, and the others
    are collected. GradingError when the exchange does not hold the course, a folder of
    it is somebody else's, or the disk is full for everybody.
    """
    course.prepare()
    prove_exchange(course)
    guard_exchange(course)
    with course.alone(), room_in(course.root):
        forget_removed(course)
        rows = [row for part in Part if unit.of(part) for row in _collect(course, unit, part)]
        keep_exchange(course)
    return rows


def _collect(course: Course, unit: Unit, part: Part) -> list[Collected]:
    name = unit.assignment(part)
    before = _Before(course, name)
    seen = _transfer(course, name)
    rows, people = [], roster(course.root)
    with course.at_work(phrase("Collecting '{assignment}'", assignment=name)):
        for learner in _learners(course, name):
            state = _settle(course, unit, part, learner, before)
            one, folder = seen.pop(learner, Seen()), course.submitted(learner, name)
            when, receipt = submission_time(folder), total(sums(folder))
            enrolled, account = not people or learner in people, ", ".join(one.accounts)
            notes = (*one.notes, *_from(one.accounts, learner))
            rows.append(
                Collected(name, learner, state, when, notes, enrolled, account, receipt, one.waits)
            )
    before.done()
    there = {row.learner for row in rows}
    absent = sorted({*people, *seen} - there)
    return rows + [
        Collected(
            name,
            one,
            MISSING,
            notes=tuple(seen.get(one, Seen()).notes),
            enrolled=not people or one in people,
            waits=seen.get(one, Seen()).waits,
        )
        for one in absent
    ]


def _transfer(course: Course, assignment: str) -> dict[str, Seen]:
    """nbgrader's collecting; what it saw by learner, if the exchange is of files."""
    inbound = exchange_root(course) / course.course_id / "inbound"
    if not inbound.is_dir():
        raise GradingError(
            "The exchange holds nothing of the course '{course}'.",
            where=str(inbound),
            fix="Release a unit first: upskill release UNIT. If that is done, name the folder: "
            "UPSKILL_EXCHANGE=DIR upskill course {root}",
            root=course.root,
            course=course.course_id,
        )
    with course.at_work(phrase("Collecting '{assignment}'", assignment=assignment)):
        done = transfer(course, "Collect", assignment, update=True)
    return dict(getattr(done, "seen", {}))


def _from(accounts: list[str], learner: str) -> list[str]:
    """What a trainer should know of where work came from: a cohort file may say otherwise."""
    others = [account for account in accounts if account not in (learner, own_account())]
    return [phrase("Handed in from the account '{account}'.", account=one) for one in others]


class _Before:
    """Links to the submissions as they were, so that a crash loses none of them."""

    def __init__(self, course: Course, assignment: str) -> None:
        self._course, self._assignment = course, assignment
        self._root = course.root / ".collecting" / assignment
        for folder in self._folders():
            # an earlier run broke off: what it took aside is an earlier submission now
            self.keep(folder.name)
        try:
            for learner in _learners(course, assignment):
                source = course.submitted(learner, assignment)
                shutil.copytree(source, self._root / learner, copy_function=_link)
        except OSError:
            # half of it is nobody's earlier work
            self.done()
            raise

    def _folders(self) -> list[Path]:
        return sorted(self._root.iterdir()) if self._root.is_dir() else []

    def folder(self, learner: str) -> Path | None:
        """The submission before, None for a first one."""
        folder = self._root / learner
        return folder if folder.is_dir() else None

    def keep(self, learner: str) -> None:
        """To the history, unless it is what lies in ``submitted/`` now."""
        folder = self._root / learner
        if _same(folder, self._course.submitted(learner, self._assignment)):
            shutil.rmtree(folder)
        else:
            history = self._course.history(learner, self._assignment)
            keep_earlier(folder, history, submission_time(folder))

    def put_back(self, learner: str) -> None:
        """The submission before becomes the one that counts again."""
        target = self._course.submitted(learner, self._assignment)
        shutil.rmtree(target)
        (self._root / learner).replace(target)

    def done(self) -> None:
        """Forget the rest: it is unchanged."""
        shutil.rmtree(self._root, ignore_errors=True)


def _link(source: str, target: str) -> None:
    # nbgrader removes and writes files anew, so two names of one file never mix
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _learners(course: Course, assignment: str) -> list[str]:
    folders = course.submitted("*", assignment)
    base = course.submitted(".", ".")
    return sorted(p.relative_to(base).parts[0] for p in base.glob(str(folders.relative_to(base))))


def _settle(course: Course, unit: Unit, part: Part, learner: str, before: _Before) -> str:
    name = unit.assignment(part)
    now, earlier = course.submitted(learner, name), before.folder(learner)
    requested = _save_requests(course, unit, learner, now)
    if earlier is None:
        return NEW
    if _same(earlier, now):
        return UNCHANGED
    if (now / REQUESTS).is_file() and _same_work(earlier, now, notebook_name(part)):
        before.put_back(learner)
        return ASKED if requested else UNCHANGED
    before.keep(learner)
    return NEWER


def _same(first: Path, second: Path) -> bool:
    """Whether both are one submission: by its time, or its notebooks where that is lost."""
    moment = submission_time(first)
    if moment is not None:
        return moment == submission_time(second)
    mine, other = ({p.name: _bytes(p) for p in f.glob("*.ipynb")} for f in (first, second))
    return mine == other


def _same_work(earlier: Path, now: Path, notebook: str) -> bool:
    return all(_bytes(earlier / name) == _bytes(now / name) for name in (notebook, ANSWERS))


def _bytes(path: Path) -> bytes | None:
    # a link is no work: what it points at is not the learner's
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _save_requests(course: Course, unit: Unit, learner: str, folder: Path) -> int:
    """Enter the requests that came along; returns how many were not known yet."""
    known = {exercise.id for exercise in unit.of(Part.GRADED)}
    return sum(
        save_request(course, unit.id, learner, one.exercise, one.because, one.asked_at)
        for one in _requests(folder / REQUESTS)
        if one.unit == unit.id and one.exercise in known
    )


def _requests(path: Path) -> Iterator[_Request]:
    if not path.is_file() or path.is_symlink() or path.stat().st_size > REQUEST_LIMIT:
        return
    try:
        yield from _Requests.model_validate_json(path.read_bytes()).requests
    except ValidationError:
        # a request that cannot be read must not keep the work from being collected
        return


def submission_time(folder: Path) -> datetime | None:
    """When a submission was handed in (UTC), from nbgrader's timestamp.txt; None without."""
    from nbgrader.utils import parse_utc

    try:
        text = (folder / "timestamp.txt").read_text(encoding="utf-8").strip()
        return parse_utc(text).replace(tzinfo=UTC) if text else None
    except (OSError, ValueError, OverflowError):
        return None


def own_account() -> str:
    """The account that this process runs as; "" where it has no name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # a container may run under a user id that has no name
        return ""
