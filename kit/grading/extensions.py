"""More time for single learners: given in the gradebook, or waiting for a first hand-in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kit.files import read_json

if TYPE_CHECKING:
    from sqlalchemy import Engine

WAITING = "extensions.json"
_DAY = 86_400.0


def waiting(root: Path) -> dict[str, dict[str, int]]:
    """Days by assignment and learner that no gradebook knows yet."""
    return dict(read_json(root / WAITING, {}))


def extension_rows(root: Path, granted: Mapping[tuple[str, str], float]) -> dict[str, list[object]]:
    """The cohort's table; ``granted`` holds seconds by assignment and learner.

    What a gradebook has counts more than what waits.
    """
    days: dict[tuple[str, str], float] = {
        (assignment, learner): float(more)
        for assignment, people in waiting(root).items()
        for learner, more in people.items()
    }
    days |= {key: seconds / _DAY for key, seconds in granted.items()}
    some = {key: more for key, more in days.items() if more > 0}
    return {
        "assignment": [assignment for assignment, _ in some],
        "learner": [learner for _, learner in some],
        "days": list(some.values()),
    }


def time_granted(engine: Engine) -> dict[tuple[str, str], float]:
    """More time that the gradebook grants, in seconds, by assignment and learner."""
    from nbgrader.api import Assignment, SubmittedAssignment
    from sqlalchemy import select

    # tables, not classes: nbgrader's mappings take a third of a second to set up
    name, one = Assignment.__table__, SubmittedAssignment.__table__
    asked = (
        select(name.c.name, one.c.student_id, one.c.extension)
        .join(name, name.c.id == one.c.assignment_id)
        .where(one.c.extension.is_not(None))
    )
    with engine.connect() as connection:
        return {(a, s): more.total_seconds() for a, s, more in connection.execute(asked)}
