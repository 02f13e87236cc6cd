"""A graded cohort of the tiny unit whose feedback tests look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grading_helpers import edit
from lifecycle_helpers import joined_home, write_cohort

from kit.cli.submit import hand_in
from kit.files import write_json
from kit.grading.collect import collect
from kit.grading.course import Course
from kit.grading.exchange import exchange_root
from kit.grading.give_feedback import Given, give_feedback
from kit.grading.make_course import make_course
from kit.grading.release import release
from kit.home import LearnerHome, make_home
from kit.model import Part, Unit

COUNT = "count = len(disks)"
TOTAL = "total = sum(disks)"
CASE = "def largest(disks):\n    return max(disks)"
# what a learner could try: hand the hidden data out in an error
LEAK = "def largest(disks):\n    raise ValueError(f'hidden {disks} \\n sizes {disks}')"


def new_course(base: Path, unit: Unit) -> Course:
    """A released course with a cohort file; practice is late by two days and 23 hours."""
    course = make_course(base / "course", "mig26", write_cohort(base / "mig26.toml"))
    release(course, unit)
    return course


def take_part(course: Course, unit: Unit, root: Path, learner: str, **work: Any) -> LearnerHome:
    """A learner hands in; ``work`` is answers by exercise, ``language`` and ``declared``."""
    language, declared = work.pop("language", "en"), work.pop("declared", None)
    home = joined_home(course, exchange_root(course), learner, root)
    if language != home.language:
        home = LearnerHome(home.root, home.learner, home.course, language, home.exchange)
        make_home(home)
    told = {
        "count": COUNT,
        "total": TOTAL,
        "case": CASE,
        "memo": "The biggest disk decides.",
        **work,
    }
    for exercise in unit.exercises:
        edit(home, unit, exercise.part, **{exercise.id: told[exercise.id]})
    if declared:
        write_json(
            home.assignment_folder(unit, Part.GRADED) / "answers.json", {"declared": declared}
        )
    send(home, unit)
    return home


def send(home: LearnerHome, unit: Unit) -> None:
    """Hand in what the notebooks hold now."""
    rows = hand_in(home, unit, {}, lambda *_: None)["assignments"]
    assert [row["state"] for row in rows] == ["handed in", "handed in"]


def graded(course: Course, unit: Unit) -> None:
    """Collect and grade, here and not in worker processes, which do not know the tiny unit."""
    from nbgrader.converters import Autograde

    collect(course, unit)
    for part in Part:
        with course.at_work("Grading"):
            course.convert(Autograde, unit.assignment(part), "*")


def given(course: Course, unit: Unit, *learners: str) -> dict[tuple[str, str], Given]:
    """Feedback made and released, by learner and assignment."""
    return {(row.learner, row.assignment): row for row in give_feedback(course, unit, learners)}


def say(course: Course, learner: str, cell: str, score: float | None, comment: str = "") -> None:
    """What Formgrader does when a trainer enters a score and a comment."""
    from nbgrader.api import Gradebook

    with Gradebook(course.db_url, course.course_id) as gradebook:
        grade = gradebook.find_grade(cell, "assignment", "tiny", learner)
        grade.manual_score = score
        grade.needs_manual_grade = score is None
        if comment:
            found = gradebook.find_comment(cell, "assignment", "tiny", learner)
            found.manual_comment = comment
        gradebook.db.commit()
