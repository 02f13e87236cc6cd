"""Where a strict score is not nbgrader's: kept beside the gradebook's rows, for the trainer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import delete, insert, select

from kit.grading import store
from kit.grading.strict import REASONS, Difference
from kit.grading.tables import STRICT
from kit.i18n import recognised


def save_differences(
    course: store.Database, assignment: str, learner: str, found: Iterable[Difference]
) -> None:
    """Replace what is known of one submission."""
    key = {"assignment": assignment, "learner": learner}
    rows = [{**key, **asdict(one)} for one in found]
    where = [STRICT.c[name] == value for name, value in key.items()]
    with store.connected(course) as connection:
        connection.execute(delete(STRICT).where(*where))
        if rows:
            connection.execute(insert(STRICT), rows)


def differences(course: store.Database, assignment: str) -> dict[str, tuple[Difference, ...]]:
    """All of an assignment, by learner."""
    with store.connected(course) as connection:
        rows = connection.execute(
            select(STRICT)
            .where(STRICT.c.assignment == assignment)
            .order_by(STRICT.c.notebook, STRICT.c.cell)
        ).all()
    found: dict[str, tuple[Difference, ...]] = {}
    for row in rows:
        one = Difference(row.notebook, row.cell, row.plain, row.strict, row.why)
        found[row.learner] = (*found.get(row.learner, ()), one)
    return found


def reason(one: Difference) -> str:
    """Why, for people of any language."""
    return recognised(one.why, REASONS)
