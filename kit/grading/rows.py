"""From nbgrader's gradebook and graded notebook to one row per exercise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kit.grading.course import Course
from kit.grading.outcomes import UNKNOWN, CellOutcome, is_check, is_said, read_outcome
from kit.home import LearnerHome, notebook_name
from kit.i18n import Translator, mark, phrase
from kit.model import Exercise, OutcomeKind, Part, Unit

# outcomes of work that a person judges, beside those of checks
TO_RATE = "to_rate"
RATED = "rated"
# the highest level of work whose checks do not pass: it is stated, not shown to hold
UNPROVEN = 1


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
    kinds = {o.exercise: o.kind for o in map(read_outcome, filter(is_said, notebook["cells"]))}
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
                level = levels.get(exercise.id)
                rows.append(_manual(exercise, grade, unit, level, kinds, say))
            else:
                rows.append(_checked(exercise, grade, outcomes.get(exercise.id), say))
        gradebook.db.commit()
    return rows


def allowed_level(exercise: Exercise, level: int, kinds: Mapping[str, str]) -> tuple[int, str]:
    """The level that counts, and the exercise whose check holds it down ("" if none does).

    ``kinds`` is what each check said; a check that failed by itself holds nothing down.
    """
    lacking = ""
    for name in exercise.needs:
        kind = kinds.get(name, UNKNOWN)
        if kind in (OutcomeKind.PASSED, OutcomeKind.UNCHECKABLE):
            continue
        empty = name == exercise.id and kind == OutcomeKind.NOT_ATTEMPTED
        most = 0 if empty else UNPROVEN
        if level > most:
            level, lacking = most, name
    return level, lacking


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
    exercise: Exercise,
    grade: Any,
    unit: Unit,
    level: int | None,
    kinds: Mapping[str, str],
    say: Translator,
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
    counted, lacking = allowed_level(exercise, level, kinds)
    rubric = unit.rubric[counted]
    # a level that a check held down describes nobody's judgement of the work: no text of it
    told = say(rubric.text)
    if lacking:
        title = next(e.title for e in unit.exercises if e.id == lacking)
        said = mark("Level {rated} counts as {level} until the check of “{exercise}” passes.")
        told = say(said, rated=level, level=counted, exercise=say(title))
    grade.manual_score = rubric.points(exercise.points)
    grade.needs_manual_grade = False
    return _row(
        exercise,
        say,
        points=float(grade.manual_score),
        rated=counted,
        outcome=RATED,
        message=told,
    )
