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


def in_gradebook(course: Course) -> set[tuple[str, str]]:
    """Assignment and learner of each submission that nbgrader's own tables hold.

    ``nbgrader db assignment remove`` takes scores away and leaves graded files behind.
    """
    assignment, handed = (
        table("assignment", column("id"), column("name")),
        table("submitted_assignment", column("assignment_id"), column("student_id")),
    )
    asked = select(assignment.c.name, handed.c.student_id).join_from(
        assignment, handed, assignment.c.id == handed.c.assignment_id
    )
    with (
        course.at_work(phrase("Reading the gradebook")),
        store.connected(course) as connection,
    ):
        return {(name, learner) for name, learner in connection.execute(asked)}


def _strangers(connection: Any, kept: Table) -> list[str]:
    asked = select(kept.c.learner).distinct().where(kept.c.learner.not_in(_STUDENTS))
    return list(connection.scalars(asked))
