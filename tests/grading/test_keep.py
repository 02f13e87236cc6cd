"""What is kept of a run beside its points: who graded it by which key, and behind what."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from course_helpers import RIGHT, answered, hand_in, make_course

from kit.grading import store
from kit.grading.batch import grade
from kit.grading.course import Course
from kit.grading.execute import ExecuteAs
from kit.model import Unit
from kit.runner.level import found
from kit.runner.levels import Level

pytestmark = [pytest.mark.grading, pytest.mark.xdist_group("keep")]
ASSIGNMENT = "tiny-practice"


@pytest.fixture
def course(content: Unit, tmp_path: Path) -> Course:
    """A course with one submission that nobody has graded."""
    made = make_course(tmp_path / "course", content)
    hand_in(made, content, "kim", answered(content, **RIGHT))
    return made


def test_a_file_whose_name_is_no_text_stops_nobody(course: Course) -> None:
    folder = course.submitted("kim", ASSIGNMENT)
    Path(os.fsdecode(os.fsencode(folder) + b"/\xb0\xe1\xb0\xfa.csv")).touch()
    assert [one.state for one in grade(course, ASSIGNMENT)] == ["graded"]


def test_the_level_that_is_kept_is_the_runs_own(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    grade(course, ASSIGNMENT)
    assert store.runs(course, ASSIGNMENT)["kim"][1] == found().level
    # as on a machine that allows less than the one where the batch was started
    monkeypatch.setattr(ExecuteAs, "_level", lambda _self, _nb: Level.NONE)
    grade(course, ASSIGNMENT, again=True)
    assert store.runs(course, ASSIGNMENT)["kim"][1] == Level.NONE
