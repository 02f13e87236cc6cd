"""Lateness by nbgrader's own means: its plugin for penalties, its extensions.

An extension needs a submission in the gradebook. One that is given before waits in
COURSE/extensions.json and is granted when the submission is graded, also by plain
``nbgrader autograde``: an empty submission in the gradebook would count as handed in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import NbGraderPreprocessor

from kit.files import read_json, write_json
from kit.grading.cohort_file import late_policy, roster
from kit.grading.course import Course
from kit.i18n import phrase
from kit.model import Part, Unit

WAITING = "extensions.json"


class LateByCohort(LateSubmissionPlugin):  # type: ignore[misc]
    """The cohort file's rule about lateness; without one, nbgrader's own setting."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Points to take off, called by nbgrader; None for none."""
        # plugin -> preprocessor -> exporter -> converter, which owns the course directory
        root = Path(self.parent.parent.parent.coursedir.root)
        policy = late_policy(root, student_id)
        if policy is None:
            told = super().late_submission_penalty(student_id, score, total_seconds_late)
            return None if told is None else float(told)
        return policy.penalty(score, total_seconds_late)


class GrantWaiting(NbGraderPreprocessor):  # type: ignore[misc]
    """Grants an extension that was given before the submission was there."""

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Called by nbgrader before it assigns late penalties."""
        names = resources["nbgrader"]
        waiting = _waiting(Path(self.parent.parent.coursedir.root))
        days = waiting.get(names["assignment"], {}).get(names["student"], 0)
        if days:
            with Gradebook(names["db_url"]) as gradebook:
                found = gradebook.find_submission(names["assignment"], names["student"])
                # one that a trainer gave later counts more
                if found.extension is None:
                    gradebook.grant_extension(names["assignment"], names["student"], days=days)
        return nb, resources


def extend(course: Course, unit: Unit, learner: str, days: int) -> dict[str, str]:
    """Give a learner ``days`` after the due dates of a unit; 0 takes the extension back.

    Returns for each assignment ``granted``, ``waiting`` (nothing is handed in yet) or
    ``no date``. Penalties change with the next grading.
    """
    states: dict[str, str] = {}
    waiting = _waiting(course.root)
    doing = phrase("Extending '{unit}' for {learner}", unit=unit.id, learner=learner)
    with course.at_work(doing), Gradebook(course.db_url, course.course_id) as gradebook:
        for part in Part:
            name = unit.assignment(part)
            states[name] = _grant(gradebook, name, learner, days)
            rows = {k: v for k, v in waiting.get(name, {}).items() if k != learner}
            if states[name] == "waiting" and days:
                rows[learner] = days
            waiting[name] = rows
    write_json(course.root / WAITING, waiting)
    return states


def _grant(gradebook: Any, assignment: str, learner: str, days: int) -> str:
    try:
        if gradebook.find_assignment(assignment).duedate is None:
            return "no date"
        gradebook.grant_extension(assignment, learner, days=days)
    except MissingEntry:
        return "waiting"
    return "granted"


def known_learner(course: Course, learner: str) -> bool:
    """Whether a learner is on a roster, has handed in, or is in the gradebook."""
    if learner in roster(course.root) or course.submitted(learner, ".").is_dir():
        return True
    with (
        course.at_work(phrase("Reading the gradebook")),
        Gradebook(course.db_url, course.course_id) as gradebook,
    ):
        return any(student.id == learner for student in gradebook.students)


def _waiting(root: Path) -> dict[str, dict[str, int]]:
    return dict(read_json(root / WAITING, {}))
