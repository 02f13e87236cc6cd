"""Lateness by nbgrader's own means: its plugin for penalties, its extensions.

An extension needs a submission in the gradebook. One that is given before waits in
COURSE/extensions.json and is granted when the submission is graded, also by plain
``nbgrader autograde``: an empty submission in the gradebook would count as handed in.

nbgrader asks its plugin only while it autogrades. Points that a person gives afterwards,
and extensions, change what lateness costs: ``settle`` asks the same plugin again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import bindparam

from kit.files import write_json
from kit.grading.cohort_file import LatePolicy, late_policies, roster
from kit.grading.course import Course
from kit.grading.extensions import WAITING, waiting
from kit.i18n import phrase
from kit.model import Part, Unit

if TYPE_CHECKING:
    from sqlalchemy import Engine

# of points; a penalty is a product of fractions
_ROUNDING = 1e-9


class LateByCohort(LateSubmissionPlugin):  # type: ignore[misc]
    """The cohort file's rule about lateness; without one, nbgrader's own setting."""

    # of one run: thousands of notebooks, one look at the files
    _policy: Any = None

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Points to take off, called by nbgrader; None for none."""
        # plugin -> preprocessor -> exporter -> converter, which owns the course directory
        if self._policy is None:
            self._policy = late_policies(Path(self.parent.parent.parent.coursedir.root))
        policy: LatePolicy | None = self._policy(student_id)
        if policy is None:
            told = super().late_submission_penalty(student_id, score, total_seconds_late)
            return None if told is None else float(told)
        return policy.penalty(score, total_seconds_late)


def extend(course: Course, unit: Unit, learner: str, days: int) -> dict[str, str]:
    """Give a learner ``days`` after the due dates of a unit; 0 takes the extension back.

    Returns for each assignment ``granted``, ``waiting`` (nothing is handed in yet) or
    ``no date``. Penalties change with the next grading, feedback or report.
    """
    states: dict[str, str] = {}
    given = waiting(course.root)
    doing = phrase("Extending '{unit}' for {learner}", unit=unit.id, learner=learner)
    with course.at_work(doing), Gradebook(course.db_url, course.course_id) as gradebook:
        for part in Part:
            name = unit.assignment(part)
            states[name] = _grant(gradebook, name, learner, days)
            rows = {k: v for k, v in given.get(name, {}).items() if k != learner}
            if states[name] == "waiting" and days:
                rows[learner] = days
            given[name] = rows
    write_json(course.root / WAITING, given)
    return states


def _grant(gradebook: Any, assignment: str, learner: str, days: int) -> str:
    try:
        if gradebook.find_assignment(assignment).duedate is None:
            return "no date"
        gradebook.grant_extension(assignment, learner, days=days)
    except MissingEntry:
        return "waiting"
    return "granted"


def settle(
    course: Course, engine: Engine, notebooks: Any, learners: Any, late: Any, scores: Any, old: Any
) -> Any:
    """What lateness costs each submitted notebook now; writes those that differ.

    Arrays of one length: ids, learners, seconds past the due date, points before the
    penalty, points taken off so far (0 for none). Returns the points to take off.
    """
    # whoever grades needs none of this
    import numpy as np
    from nbgrader.api import SubmittedNotebook

    new = np.zeros(len(late))
    overdue = np.flatnonzero(late > 0)
    penalty: Any = penalty_in(course) if len(overdue) else None
    for place in overdue:
        score, seconds = float(scores[place]), float(late[place])
        told = penalty(str(learners[place]), score, seconds)
        # nbgrader's own bounds
        new[place] = min(max(told or 0.0, 0.0), max(score, 0.0))
    table = SubmittedNotebook.__table__
    changed = np.flatnonzero(np.abs(new - old) > _ROUNDING)
    rows = [
        {"one": str(notebooks[place]), "points": float(new[place]) or None} for place in changed
    ]
    if rows:
        change = table.update().where(table.c.id == bindparam("one"))
        with engine.begin() as connection:
            connection.execute(change.values(late_submission_penalty=bindparam("points")), rows)
    return new


def penalty_of(exporter: Any) -> Callable[[str, float, float], float | None]:
    """The plugin that the course's configuration names, where nbgrader would have it."""
    step = AssignLatePenalties(parent=exporter)
    if not step.enabled:
        return lambda *_told: None
    step.init_plugin()
    # it tells the log of each call
    step.plugin_inst.log = logging.getLogger(f"{__name__}.quiet")
    return step.plugin_inst.late_submission_penalty  # type: ignore[no-any-return]


def penalty_in(course: Course) -> Callable[[str, float, float], float | None]:
    """As ``penalty_of``, without a converter at work."""
    converter = Autograde(coursedir=course.directory(), config=course.config)
    return penalty_of(NotebookExporter(parent=converter, config=course.config))


def known_learner(course: Course, learner: str) -> bool:
    """Whether a learner is on a roster, has handed in, or is in the gradebook."""
    if learner in roster(course.root) or course.submitted(learner, ".").is_dir():
        return True
    with (
        course.at_work(phrase("Reading the gradebook")),
        Gradebook(course.db_url, course.course_id) as gradebook,
    ):
        return any(student.id == learner for student in gradebook.students)
