"""The one process that writes a gradebook while a batch is graded: a transaction a submission."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from kit.errors import GradingError
from kit.grading import store
from kit.grading.course import Course
from kit.grading.extensions import waiting
from kit.grading.full import wants_room
from kit.grading.handed import read_handed
from kit.grading.keep import keep
from kit.grading.late import penalty_in
from kit.grading.ledger import Ledger, Result, Task
from kit.grading.saving import Penalty, Rules, enter, save
from kit.grading.stamps import stamp_of
from kit.i18n import mark

_ROOM = mark("Make room, then run the command again: what was run already is only saved.")
_WAIT = mark(
    "See that it can be written and wait for who writes there, then run the command again: "
    "what was run already is only saved."
)


class Writer:
    """Saves results of runs into a course's gradebook, then moves their files."""

    def __init__(self, course: Course, ledger: Ledger) -> None:
        self._course, self._ledger = course, ledger
        self._waiting = waiting(course.root)

    @cached_property
    def _engine(self) -> Engine:
        url = self._course.db_url
        lite = url.startswith("sqlite")
        engine = create_engine(url, connect_args={"timeout": store.WAIT_SECONDS} if lite else {})
        if lite:
            event.listen(engine, "connect", _write_ahead)
        return store.readable(engine)

    @cached_property
    def _penalty(self) -> Penalty:
        return penalty_in(self._course)

    def close(self) -> None:
        """Let go of the gradebook."""
        self._engine.dispose()

    def save(self, task: Task, result: Result) -> None:
        """Save one result; done twice it is the same. GradingError when it cannot be written."""
        names = self._course.directory(task.assignment, task.learner)
        stamp = stamp_of(names, task.folder)
        place = (task.assignment, task.learner)
        with _told(self._course), self._engine.begin() as connection:
            if result.marks:
                days = self._waiting.get(task.assignment, {}).get(task.learner, 0)
                rules = Rules(self._penalty, days, keep_judged=self._course.of_the_kit)
                save(connection, *place, stamp, result.marks, rules, whole=not result.why)
            if result.why:
                _enter_failure(connection, task, stamp, result.why)
            else:
                run = store.Run(task.key, seconds=result.seconds)
                keep(connection, *place, task.folder, stamp, result.marks, run)
        graded = self._course.autograded(task.learner, task.assignment)
        with _told(self._course):
            if not result.why:
                self._ledger.publish(task, graded)
                return
            if result.marks and graded.exists():
                # it is of another hand-in than the points that were earned before it failed
                shutil.rmtree(graded)
            self._ledger.drop(task)


def _enter_failure(connection: Connection, task: Task, stamp: Any, why: str) -> None:
    """Enter a failure where the trainer's report finds it; the gradebook knows the hand-in."""
    enter(connection, task.assignment, task.learner, stamp)
    # the practice is told of in a file of its own, which may well be whole
    practice, declared, _ = read_handed(task.folder)
    store.save_handin(
        connection,
        task.assignment,
        task.learner,
        stamp,
        practice.version if practice else "",
        practice.language if practice else "",
        practice,
        declared,
        state=store.FAILED,
        reason=why,
    )


def _write_ahead(connection: Any, _record: Any) -> None:
    # who reads meanwhile, as Formgrader does, neither waits nor is in the way
    connection.execute("PRAGMA journal_mode = WAL")


@contextmanager
def _told(course: Course) -> Iterator[None]:
    """A disk or a database that takes nothing ends the batch; what was run is kept."""
    try:
        yield
    except (OSError, OperationalError) as error:
        cause = error.orig if isinstance(error, OperationalError) else error
        raise GradingError(
            "The scores cannot be saved: {error}",
            where=course.db_url,
            fix=_ROOM if wants_room(error) else _WAIT,
            error=cause or error,
        ) from error
