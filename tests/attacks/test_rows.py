"""Each attack that was measured on nbgrader, through ``upskill grade``, without proof and with.

The same on checks of the kit's own units, which have no other mode, is in
tests/grading/test_trust.py and tests/grading/test_submit.py.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.grading.batch import Graded, grade
from kit.grading.course import Course
from kit.grading.remarks import DIED, STUCK
from kit.notebooks import read_notebook
from kit.runner.level import unfenced
from tests.attacks.rows import ASSIGNMENT, BOOK, LEARNERS, make_course, points
from tests.attacks.world import SECRET

pytestmark = [
    pytest.mark.grading,
    pytest.mark.skipif(bool(unfenced()), reason="nothing can be fenced here"),
]
MODES = {"plain": False, "strict": True}
ENDED = {"exits": str(DIED), "swallows-interrupts": str(STUCK)}


@pytest.fixture(scope="module", params=MODES)
def graded(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    own_user: Path,
    tools_on_path: None,
) -> tuple[str, Course, dict[str, Graded]]:
    """The mode, the course after it, and what is told of each learner."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_PASSWORD", SECRET)
        course = make_course(tmp_path_factory.mktemp("rows") / "course")
        done = grade(course, ASSIGNMENT, jobs=2, strict=MODES[request.param])
    assert [(one.learner, one.why) for one in done if one.state != "graded"] == []
    return request.param, course, {one.learner: one for one in done}


def test_each_has_the_points_that_it_earned(graded: tuple[str, Course, dict[str, Graded]]) -> None:
    mode, course, _told = graded
    assert points(course) == {name: getattr(row, mode) for name, row in LEARNERS.items()}


def test_each_point_that_is_not_nbgraders_is_told(
    graded: tuple[str, Course, dict[str, Graded]],
) -> None:
    mode, _course, told = graded
    named = {name for name, one in told.items() if one.differences}
    other = {name for name, row in LEARNERS.items() if row.plain != row.strict}
    assert named == (other if mode == "strict" else set())


def test_who_ended_the_run_is_named_and_nobody_else(
    graded: tuple[str, Course, dict[str, Graded]],
) -> None:
    assert {name: one.why for name, one in graded[2].items() if one.why} == ENDED


def shown(course: Course, learner: str) -> str:
    """What the learner's own cell showed."""
    notebook = read_notebook(course.autograded(learner, ASSIGNMENT) / f"{BOOK}.ipynb")
    return json.dumps(notebook["cells"][0]["outputs"])


def test_nothing_hidden_is_shown_and_nobodys_module_runs(
    graded: tuple[str, Course, dict[str, Graded]],
) -> None:
    course = graded[1]
    assert "PATH" in shown(course, "reads")
    assert SECRET not in shown(course, "reads")
    assert shown(course, "ships-modules") == "[]"
