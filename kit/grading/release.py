"""A unit goes out to learners: dates and roster, the two releases, the exchange."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import NbGraderPreprocessor

from kit.errors import GradingError
from kit.files import write_json
from kit.grading.cohort_file import CohortFile, course_cohorts
from kit.grading.course import Course
from kit.grading.exchange import (
    exchange_root,
    keep_exchange,
    make_exchange,
    transfer,
)
from kit.grading.guard import guard_exchange
from kit.i18n import phrase
from kit.identity import COURSE_FILE
from kit.model import Part, Unit


class NameCourse(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts ``course.json`` beside a released notebook.

    A notebook that came by plain ``nbgrader fetch_assignment`` then meets the data of
    this course, wherever it is opened; who joins gets the cohort's language, and who hands
    in is told when it was due and how much is taken. What is released is everybody's to
    read: no learner's extension is in it.
    """

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Called by nbgrader for each notebook that it releases."""
        course = self.parent.parent.coursedir
        folder = Path(
            course.format_path(course.release_directory, ".", resources["nbgrader"]["assignment"])
        )
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            due = gradebook.find_assignment(names["assignment"]).duedate
        told = due.replace(tzinfo=UTC).isoformat() if due else None
        said = {"format": 1, "course": course.course_id, "due": told}
        said["most_bytes"] = 1000 * course.max_dir_size
        write_json(folder / COURSE_FILE, said | _language(Path(course.root)))
        return nb, resources


def _language(root: Path) -> dict[str, str]:
    """The language that the course's cohorts agree on, where their files name one."""
    told = {c.language for c in course_cohorts(root) if "language" in c.model_fields_set}
    return {"language": told.pop()} if len(told) == 1 else {}


@dataclass(frozen=True)
class Released:
    """One assignment in the exchange. ``due`` is UTC, None without a date."""

    name: str
    part: str
    due: datetime | None
    folder: Path


def release(course: Course, unit: Unit, cohort: CohortFile | None = None) -> list[Released]:
    """Enter both assignments of a unit and put them into the exchange, replacing.

    ``cohort`` None takes the one in COURSE/cohorts; without any, dates stay as they
    are. GradingError when the exchange cannot be written or nbgrader refuses.
    """
    cohort = cohort or _only_cohort(course)
    course.prepare()
    make_exchange(course)
    guard_exchange(course)
    released = []
    with course.alone():
        if cohort is not None:
            enrol(course, cohort)
        for part in (p for p in Part if unit.of(p)):
            released.append(_release(course, unit, part, cohort))
        keep_exchange(course, released=True)
    return released


def _only_cohort(course: Course) -> CohortFile | None:
    cohorts = course_cohorts(course.root)
    if len(cohorts) > 1:
        # nbgrader has one due date for an assignment
        raise GradingError(
            "This course has several cohorts, and one of them sets the dates.",
            where=str(course.root / "cohorts"),
            fix="Name it: upskill release UNIT --cohort FILE",
        )
    return cohorts[0] if cohorts else None


def enrol(course: Course, cohort: CohortFile) -> None:
    """Bring a cohort's learners into nbgrader's gradebook; nobody is removed."""
    doing = phrase("Entering the learners")
    with course.at_work(doing), Gradebook(course.db_url, course.course_id) as gradebook:
        known = {s.id: (s.first_name, s.last_name, s.email) for s in gradebook.students}
        for one in cohort.learners:
            first, last = one.first_and_last
            told = (first or None, last or None, one.email or None)
            # nbgrader commits each of them: a roster of thousands comes by once only
            if known.get(one.id) != told:
                gradebook.update_or_create_student(
                    one.id, first_name=told[0], last_name=told[1], email=told[2]
                )


def _release(course: Course, unit: Unit, part: Part, cohort: CohortFile | None) -> Released:
    name = unit.assignment(part)
    if not course.source_folder(name).is_dir():
        raise GradingError(
            "This course has no source of '{name}'.",
            where=str(course.source_folder(name)),
            fix="Bring its units up to date: upskill course {root}",
            name=name,
            root=course.root,
        )
    with course.at_work(phrase("Releasing '{assignment}'", assignment=name)):
        with Gradebook(course.db_url, course.course_id) as gradebook:
            if cohort is not None and cohort.has(unit):
                gradebook.update_or_create_assignment(name, duedate=_naive(cohort.due(unit, part)))
        course.convert(GenerateAssignment, name, "*")
        transfer(course, "ReleaseAssignment", name, force=True)
        # nbgrader has made folders just now, and opened a root of its own
        guard_exchange(course)
        with Gradebook(course.db_url, course.course_id) as gradebook:
            due = gradebook.find_assignment(name).duedate
    place = exchange_root(course) / course.course_id / "outbound" / name
    return Released(name, part.value, due.replace(tzinfo=UTC) if due else None, place)


def _naive(moment: datetime | None) -> datetime | None:
    # nbgrader keeps UTC without a zone
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None
