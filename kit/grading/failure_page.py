"""What a learner reads of work that could not be graded: why, and to hand in again.

It goes the way of all feedback; nbgrader itself writes none for such work, or, after a
later hand-in that is damaged, the feedback on what was graded before.
"""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kit.cohort import FAILURES
from kit.errors import KitError
from kit.files import write_text
from kit.grading import store
from kit.grading.cohort_file import Learner, is_synthetic, roster, zone_of
from kit.grading.course import Course
from kit.grading.feedback import DATA_ID, FORMAT, moment_text
from kit.grading.handed import HandIn
from kit.grading.rubric import TEMPLATES
from kit.home import notebook_name
from kit.i18n import Translator, recognised, resolve_language
from kit.model import Part, Unit
from kit.templates import html_templates

# by these nbgrader finds the submission that feedback belongs to
_MARKS = ("timestamp.txt", "submission_secret.txt")


def failures(course: Course, unit: Unit) -> dict[tuple[str, str], HandIn]:
    """Hand-ins of a unit that could not be graded, by assignment and learner."""
    return {
        (handin.assignment, handin.learner): handin
        for part in Part
        for handin in store.handins(course, unit.assignment(part)).values()
        if handin.state == store.FAILED
    }


def write_failure(course: Course, unit: Unit, handin: HandIn) -> Path:
    """Write the page into the course's feedback, in place of any other; returns it."""
    part = next(p for p in Part if unit.assignment(p) == handin.assignment)
    one, zone = _known(course, handin)
    told = resolve_language(handin.language or (one.language if one else None))
    say = Translator(told, unit.folder / "locale")
    at = handin.submitted_at
    data = {
        "format": FORMAT,
        "course": course.course_id,
        "assignment": handin.assignment,
        "unit": unit.id,
        "part": part.value,
        "version": handin.version,
        "language": say.language,
        "learner": handin.learner,
        "name": one.name if one else "",
        "synthetic": is_synthetic(course.root),
        "submitted_at": at.replace(tzinfo=UTC).isoformat() if at else "",
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "score": 0.0,
        "max_score": 0.0,
        "penalty": 0.0,
        "failure": say(recognised(handin.reason, FAILURES)),
        "cells": [],
    }
    folder = course.feedback_folder(handin.learner, handin.assignment)
    folder.mkdir(parents=True, exist_ok=True)
    for name in _MARKS:
        # nbgrader leaves such files without the right to be written over
        (folder / name).unlink(missing_ok=True)
        shutil.copyfile(course.submitted(handin.learner, handin.assignment) / name, folder / name)
    page = folder / Path(notebook_name(part)).with_suffix(".html")
    page.unlink(missing_ok=True)
    kept = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    template = html_templates(TEMPLATES).get_template("failure.html.j2")
    text = template.render(
        tr=say,
        unit=unit,
        data=data,
        data_id=DATA_ID,
        kept=kept,
        moment=lambda stamp: moment_text(stamp, say.language, zone),
    )
    write_text(page, text)
    return page


def _known(course: Course, handin: HandIn) -> tuple[Learner | None, ZoneInfo | None]:
    try:
        return roster(course.root).get(handin.learner), zone_of(course.root, handin.learner)
    except KitError:
        # a damaged cohort file is the trainer's to mend, and no reason to stay silent
        return None, None
