"""A collected course to be graded in several ways, and all that grading leaves behind."""

from __future__ import annotations

import shutil
from pathlib import Path

from course_helpers import CASE, RIGHT, answered, hand_in, judge, make_course
from sqlalchemy import create_engine, inspect, text

from kit.grading.batch import grade
from kit.grading.course import Course, open_course
from kit.model import Part, Unit

# made anew in each gradebook, or the clock's
_RANDOM = {"id", "assignment_id", "notebook_id", "cell_id", "at", "seconds"}


def make_collected(root: Path, content: Unit, more: str = "") -> Course:
    """A course with submissions that nobody has graded, one of them judged before."""
    course = make_course(root, content, more)
    works = {
        "right": RIGHT,
        "half": {"count": "count = len(disks)", "total": "total = 0"},
        "dead": {"count": "count = len(disks)", "total": "import os; os._exit(1)"},
        "plot": {**RIGHT, "total": "print('x' * 1000)\ntotal = sum(disks)"},
    }
    for learner, sources in works.items():
        hand_in(course, content, learner, answered(content, **sources))
        full = answered(content, Part.GRADED, case=CASE, memo=f"Because of {learner}.")
        hand_in(course, content, learner, full, Part.GRADED)
    hand_in(course, content, "cut", b'{"cells": [')
    grade(course, content, ["right"])
    judge(course, "tiny", "right", "memo", 4.5)
    late = answered(content, Part.GRADED, case=CASE, memo="Something else.")
    hand_in(course, content, "right", late, Part.GRADED, at="2026-11-21 10:00:00.000000 UTC")
    return course


def copied(collected: Path, root: Path) -> Course:
    shutil.copytree(collected, root)
    return open_course(root)


def gradebook(course: Course) -> dict[str, list[str]]:
    """All rows of all tables that tell something, in an order of their own."""
    engine = create_engine(course.db_url)
    found = {}
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            columns = [column["name"] for column in inspect(engine).get_columns(table)]
            kept = [name for name in columns if name not in _RANDOM or table == "student"] or [
                "count(*)"
            ]
            rows = connection.execute(text(f"select {', '.join(kept)} from {table}"))
            found[table] = sorted(str(tuple(row)) for row in rows)
    engine.dispose()
    return found


def graded_files(course: Course) -> list[str]:
    root = course.root / "autograded"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))
