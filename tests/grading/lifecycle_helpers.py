"""A trainer's course of the tiny unit, and learners who took part in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from grading_helpers import edit

from kit.cli.join import join
from kit.cli.submit import hand_in
from kit.grading.collect import Collected, collect
from kit.grading.course import Course
from kit.home import LearnerHome, make_home, open_home
from kit.model import Part, Unit

COHORT = """\
id = "mig26"
title = "Migration"
language = "ko"
timezone = "Asia/Seoul"

[late]
per_day = 0.1
most = 0.5

[[units]]
unit = "tiny"
practice_due = {practice}
graded_due = {graded}

[[learners]]
id = "kim"
name = "김하나"
email = "kim@example.com"
team = "Infrastructure"

[[learners]]
id = "lee"
name = "Ann Lee"
language = "en"

[[learners]]
id = "absent"
"""


def write_cohort(path: Path) -> Path:
    """Practice was due three days ago less an hour, the graded part is due next week."""
    now = datetime.now(UTC)
    practice = (now - timedelta(days=2, hours=23)).isoformat(timespec="seconds")
    graded = (now + timedelta(days=7)).date().isoformat()
    path.write_text(COHORT.format(practice=practice, graded=graded), encoding="utf-8")
    return path


def joined_home(course: Course, exchange: Path, learner: str, root: Path) -> LearnerHome:
    home = open_home(root, "en")
    make_home(home)
    return join(home, course.course_id, exchange, learner)[0]


def answer_all(home: LearnerHome, unit: Unit, count: str = "count = len(disks)") -> None:
    edit(home, unit, Part.PRACTICE, count=count, total="total = sum(disks)")
    edit(home, unit, Part.GRADED, memo="The biggest disk decides.")


def submit(home: LearnerHome, unit: Unit) -> dict[str, Any]:
    return hand_in(home, unit, {}, lambda *_: None)


def collected(course: Course, unit: Unit) -> dict[tuple[str, str], Collected]:
    """Rows of a collection by learner and assignment."""
    return {(row.learner, row.assignment): row for row in collect(course, unit)}
