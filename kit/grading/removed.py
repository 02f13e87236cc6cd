"""Learners who were taken out of nbgrader's gradebook leave nothing behind in the kit's tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, column, delete, select, table

from kit.grading import store
from kit.grading.course import Course
from kit.grading.tables import HANDIN, REQUEST, TABLES
from kit.i18n import phrase

_STUDENTS = select(column("id")).select_from(table("student"))


def forget_removed(course: Course) -> list[str]:
    """Drop the rows of learners whom the gradebook no longer has; returns their names.

    ``nbgrader db student remove`` knows only nbgrader's tables. A request of somebody
    who is not graded yet stays: they come into the gradebook with their first grade.
    """
    with (
        course.at_work(phrase("Tidying the gradebook")),
        store.connected(course) as connection,
    ):
        gone = set(_strangers(connection, HANDIN))
        asked = set(_strangers(connection, REQUEST)) - gone
        gone |= {name for name in asked if not course.submitted(name, ".").is_dir()}
        for kept in TABLES.sorted_tables if gone else ():
            connection.execute(delete(kept).where(kept.c.learner.in_(gone)))
    return sorted(gone)


def _strangers(connection: Any, kept: Table) -> list[str]:
    asked = select(kept.c.learner).distinct().where(kept.c.learner.not_in(_STUDENTS))
    return list(connection.scalars(asked))
