"""Rate one learner's manual work by the rubric, as a trainer does in Formgrader."""

from __future__ import annotations

import json

from kit.grading.course import Course
from kit.grading.outcomes import is_said, read_outcome
from kit.grading.rows import allowed_level
from kit.home import notebook_name
from kit.i18n import phrase
from kit.model import Part, Unit


def rate(course: Course, unit: Unit, learner: str, level: int) -> dict[str, int]:
    """Give all manual exercises of a graded submission a level; returns those that count.

    A level is held down by checks that must pass first. Work that nbgrader scored
    because it is as it was released keeps its 0. GradingError when there is no grade.
    """
    from nbgrader.api import Gradebook

    name, file = unit.assignment(Part.GRADED), notebook_name(Part.GRADED)
    path = course.autograded(learner, name) / file
    counted: dict[str, int] = {}
    doing = phrase("Rating the work of '{learner}'", learner=learner)
    with course.at_work(doing), Gradebook(course.db_url, course.course_id) as gradebook:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        kinds = {o.exercise: o.kind for o in map(read_outcome, filter(is_said, cells))}
        for exercise in (e for e in unit.of(Part.GRADED) if e.manual):
            grade = gradebook.find_grade(exercise.id, file.removesuffix(".ipynb"), name, learner)
            if grade.auto_score is not None:
                continue
            allowed, _lacking = allowed_level(exercise, level, kinds)
            grade.manual_score = unit.rubric[allowed].points(exercise.points)
            grade.needs_manual_grade = False
            counted[exercise.id] = allowed
        gradebook.db.commit()
    return counted
