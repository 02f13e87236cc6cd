"""What a batch says of each submission is what reports say of it."""

from __future__ import annotations

from dataclasses import astuple
from itertools import product
from pathlib import Path

import pytest
from nbgrader.api import Grade, Gradebook

from kit.grading import store
from kit.grading.course import Course
from kit.grading.outcomes import CellOutcome
from kit.grading.read import read_cohort
from kit.grading.standing import standings
from kit.model import Unit
from tests.grading.test_read import ASSIGNMENTS, fill

pytestmark = pytest.mark.grading
UNSCORED = ("l00", "l01", "l02")


def test_the_database_adds_up_what_tables_add_up(tmp_path: Path, content: Unit) -> None:
    course = Course(tmp_path, "c1")
    with course.at_work("Filling"):
        fill(course)
        with Gradebook(course.db_url, course.course_id) as book:
            for one in book.db.query(Grade).filter(Grade.name == "count"):
                if one.notebook.student.id in UNSCORED:
                    one.auto_score = one.manual_score = one.extra_credit = None
            book.db.commit()
    for name, learner in product(ASSIGNMENTS, UNSCORED):
        store.save_outcomes(course, name, learner, [CellOutcome("count", "uncheckable", "", None)])
    for name, learner in product(ASSIGNMENTS, ("l05", "l06")):
        store.save_handin(course, name, learner, state="failed", reason="it is empty")
    mine = read_cohort(course).submissions
    seen = set()
    for name in ASSIGNMENTS:
        rows = mine[mine.assignment == name].itertuples(index=False)
        found = standings(course, name)
        for row in rows:
            told = (row.score, row.max_score, row.to_grade)
            assert astuple(found.pop(row.learner)) == pytest.approx(told)
            seen.add(told)
        # of these only a report says that nothing was handed in
        assert set(found) <= {"extended"}
    assert len(seen) > 15
    assert len({most for _score, most, _waiting in seen}) > len(ASSIGNMENTS) - 1
