"""Feedback for everybody who was graded: nbgrader's two steps, one learner at a time.

A graded submission whose feedback cannot be made is named; the others get theirs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.cohort import FAILURES
from kit.errors import KitError
from kit.grading.course import Course
from kit.grading.exchange import make_exchange, transfer
from kit.grading.failure_page import failures, write_failure
from kit.grading.guard import guard_exchange
from kit.grading.handed import HandIn
from kit.grading.read import settle_penalties
from kit.grading.submitted import Progress, handed_in, prove_learners, silent
from kit.i18n import phrase, recognised
from kit.model import Part, Unit

RELEASED, NOT_RELEASED, NOT_GRADED = "released", "failed", "not graded"
# the learner is told that it could not be graded, and to hand in again
UNGRADABLE = "could not be graded"
# as kit.grading.feedback writes it
_DATA = re.compile(r'<script[^>]* id="upskill-feedback"[^>]*>(.*?)</script>', re.DOTALL)


@dataclass(frozen=True)
class Given:
    """One learner's feedback on an assignment.

    ``state`` is released, failed, not graded, or "could not be graded": released too.

    ``to_grade`` counts exercises that still wait for a person. ``page`` is the file in the
    course, None where there is none; ``why`` says what went wrong.
    """

    assignment: str
    learner: str
    state: str
    why: str = ""
    score: float = 0.0
    max_score: float = 0.0
    to_grade: int = 0
    page: Path | None = None


def feedback_data(page: Path) -> dict[str, Any]:
    """The summary inside a feedback page; empty for a page of another make."""
    found = _DATA.search(page.read_text(encoding="utf-8", errors="replace"))
    try:
        data = json.loads(found[1]) if found else {}
    except ValueError:
        data = {}
    return data if isinstance(data, dict) else {}


def give_feedback(
    course: Course, unit: Unit, learners: Collection[str] = (), progress: Progress = silent
) -> list[Given]:
    """Make and release the feedback of a unit; ``learners`` empty means everybody.

    UsageError for a learner who handed in nothing. ``progress(done, total, text)`` is
    called after each submission.
    """
    course.prepare()
    with course.alone():
        todo = [
            (unit.assignment(part), learner)
            for part in Part
            if unit.of(part)
            for learner in handed_in(course, unit.assignment(part))
            if not learners or learner in learners
        ]
        prove_learners(unit.id, learners, (learner for _, learner in todo))
        if todo:
            # points that a trainer gave in Formgrader change what lateness costs
            settle_penalties(course)
            make_exchange(course)
            guard_exchange(course)
        failed = failures(course, unit)
        given = []
        for number, (assignment, learner) in enumerate(todo):
            progress(number, len(todo), f"{learner} {assignment}")
            why = failed.get((assignment, learner))
            given.append(_tell(course, unit, why) if why else _give(course, assignment, learner))
        progress(len(todo), len(todo), "")
    return given


def _tell(course: Course, unit: Unit, handin: HandIn) -> Given:
    assignment, learner = handin.assignment, handin.learner
    why = recognised(handin.reason, FAILURES)
    doing = phrase(
        "Feedback on '{assignment}' for {learner}", assignment=assignment, learner=learner
    )
    try:
        with course.at_work(doing):
            page = write_failure(course, unit, handin)
            transfer(course, "ReleaseFeedback", assignment, learner)
    except KitError as error:
        return Given(assignment, learner, NOT_RELEASED, error.what)
    return Given(assignment, learner, UNGRADABLE, why, page=page)


def _give(course: Course, assignment: str, learner: str) -> Given:
    from nbgrader.converters import GenerateFeedback

    if not any(course.autograded(learner, assignment).glob("*.ipynb")):
        return Given(assignment, learner, NOT_GRADED, phrase("it is not graded yet"))
    doing = phrase(
        "Feedback on '{assignment}' for {learner}", assignment=assignment, learner=learner
    )
    try:
        with course.at_work(doing):
            course.convert(GenerateFeedback, assignment, learner)
            transfer(course, "ReleaseFeedback", assignment, learner)
    except KitError as error:
        return Given(assignment, learner, NOT_RELEASED, error.what)
    pages = sorted(course.feedback_folder(learner, assignment).glob("*.html"))
    data = feedback_data(pages[0]) if pages else {}
    waiting = [c for c in data.get("cells", []) if c["outcome"] == "to_rate"]
    return Given(
        assignment,
        learner,
        RELEASED,
        score=float(data.get("score", 0.0)),
        max_score=float(data.get("max_score", 0.0)),
        to_grade=len(waiting),
        page=pages[0] if pages else None,
    )
