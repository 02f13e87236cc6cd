"""A learner is taken out of the gradebook by nbgrader's own command."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from course_helpers import RIGHT, answered, grades, hand_in, make_course

from kit.cli.report import run_report
from kit.grading import store, tables
from kit.grading.batch import grade
from kit.grading.collect import collect
from kit.grading.course import Course
from kit.grading.exchange import exchange_root
from kit.model import Part, Unit

pytestmark = [pytest.mark.grading]


@pytest.fixture(scope="module")
def graded(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Two who were graded, and a request of each and of somebody who was not yet."""
    made = make_course(tmp_path_factory.mktemp("removed") / "course", content)
    for learner in ("stays", "goes"):
        hand_in(made, content, learner, answered(content, **RIGHT))
    assert {one.state for one in grade(made, content)} == {"graded"}
    for learner in ("stays", "goes", "new"):
        store.save_request(
            made, "tiny", learner, "memo", "Why?", datetime(2026, 11, 20, tzinfo=UTC)
        )
    hand_in(made, content, "new", answered(content, Part.GRADED, memo="Mine."), Part.GRADED)
    return made


@pytest.fixture
def course(graded: Course, tmp_path: Path) -> Course:
    """A copy for each test, from which nbgrader has removed a learner."""
    made = Course(shutil.copytree(graded.root, tmp_path / "course"), graded.course_id)
    command = [sys.executable, "-m", "nbgrader", "db", "student", "remove", "goes", "--force"]
    subprocess.run(command, cwd=made.root, check=True, capture_output=True)
    return made


def names(course: Course) -> set[str]:
    with store.connected(course) as connection:
        return {
            row.learner
            for t in tables.TABLES.sorted_tables
            for row in connection.execute(t.select())
        }


def _collect(course: Course, unit: Unit) -> None:
    (exchange_root(course) / course.course_id / "inbound").mkdir(parents=True)
    collect(course, unit)


def _report(course: Course, _unit: Unit) -> None:
    run_report(course.root, "json", None, "en")


@pytest.mark.parametrize("command", [_collect, _report], ids=["collect", "report"])
def test_leftovers_of_a_removed_learner_go_and_the_others_stay(
    course: Course, content: Unit, command: Callable[[Course, Unit], None]
) -> None:
    shutil.rmtree(course.submitted("goes", "."))
    assert names(course) == {"stays", "goes", "new"}
    command(course, content)
    assert names(course) == {"stays", "new"}
    assert set(store.handins(course, "tiny-practice")) == {"stays"}


def test_a_report_right_after_it_does_not_know_them(course: Course) -> None:
    path = run_report(course.root, "json", None, "en")
    assert "goes" not in path.read_text(encoding="utf-8")
    told = json.loads(path.read_text(encoding="utf-8"))
    assert {row["learner"] for row in told["requests"]} == {"stays", "new"}


def test_work_that_still_lies_in_submitted_is_graded_anew_and_not_kept_without_points(
    course: Course, content: Unit
) -> None:
    results = {(o.learner, o.assignment): o for o in grade(course, content)}
    again = results["goes", "tiny-practice"]
    assert (again.state, again.score) == ("graded", 2.0)
    assert results["stays", "tiny-practice"].state == "kept"
    assert grades(course, "tiny-practice", "goes")["count"][0] == 1.0
