"""From nbgrader's gradebook and graded notebook to one row per exercise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kit.grading.course import Course
from kit.grading.outcomes import UNKNOWN, CellOutcome, is_check, read_outcome
from kit.home import LearnerHome, notebook_name
from kit.i18n import Translator, mark, phrase
from kit.model import Exercise, OutcomeKind, Part, Unit

# outcomes of work that a person judges, beside those of checks
TO_RATE = "to_rate"
RATED = "rated"


def cell_rows(
    course: Course, home: LearnerHome, unit: Unit, part: Part, levels: Mapping[str, int]
) -> list[dict[str, Any]]:
    """One row for each exercise of a part, in order; ratings go into the gradebook."""
    from nbgrader.api import Gradebook

    assignment = unit.assignment(part)
    name = notebook_name(part)
    # the gradebook holds points, the graded notebook what the checks said
    path = course.autograded(home.learner, assignment) / name
    notebook = json.loads(path.read_text(encoding="utf-8"))
    outcomes = {o.exercise: o for o in map(read_outcome, filter(is_check, notebook["cells"]))}
    say = home.translator(unit)
    rows = []
    with (
        course.at_work(phrase("Reading the grades of '{assignment}'", assignment=assignment)),
        Gradebook(course.db_url, course.course_id) as gradebook,
    ):
        for exercise in unit.of(part):
            grade = gradebook.find_grade(
                exercise.id, name.removesuffix(".ipynb"), assignment, home.learner
            )
            if exercise.manual:
                rows.append(_manual(exercise, grade, unit, levels.get(exercise.id), say))
            else:
                rows.append(_checked(exercise, grade, outcomes.get(exercise.id), say))
        gradebook.db.commit()
    return rows


def _row(exercise: Exercise, say: Translator, **values: Any) -> dict[str, Any]:
    return {
        "exercise": exercise.id,
        "title": say(exercise.title),
        "points": 0.0,
        "max_points": float(exercise.points),
        "manual": exercise.manual,
        "rated": None,
        **values,
    }


def _checked(
    exercise: Exercise, grade: Any, outcome: CellOutcome | None, say: Translator
) -> dict[str, Any]:
    points = float(grade.auto_score or 0.0)
    kind = outcome.kind if outcome else UNKNOWN
    message = outcome.message if outcome else ""
    if kind == UNKNOWN:
        told = say(mark("The check gave no answer."))
        message = f"{told} {message}".strip()
    return _row(exercise, say, points=points, outcome=kind, message=message)


def _manual(
    exercise: Exercise, grade: Any, unit: Unit, level: int | None, say: Translator
) -> dict[str, Any]:
    """A cell that a person judges. nbgrader gives 0 to one that is as it was released."""
    if grade.auto_score is not None:
        # the work was taken back after it had been rated
        grade.manual_score = None
        grade.needs_manual_grade = False
        message = say(mark("Nothing is written here yet."))
        return _row(exercise, say, outcome=OutcomeKind.NOT_ATTEMPTED.value, message=message)
    if level is None or level >= len(unit.rubric):
        message = say(
            mark("Rate it by the rubric, 0 to {top}: upskill submit {unit} --rate {id}=LEVEL"),
            unit=unit.id,
            id=exercise.id,
            top=len(unit.rubric) - 1,
        )
        return _row(exercise, say, outcome=TO_RATE, message=message)
    # a rating stands until another is given, as a manual score in nbgrader does
    rubric = unit.rubric[level]
    grade.manual_score = rubric.share * exercise.points
    grade.needs_manual_grade = False
    return _row(
        exercise,
        say,
        points=float(grade.manual_score),
        rated=level,
        outcome=RATED,
        message=say(rubric.text),
    )
