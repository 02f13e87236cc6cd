"""What is kept of a run beside its points: who graded it by which key, and behind what."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from course_helpers import RIGHT, answered, hand_in, make_course
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.preprocessors import NbGraderPreprocessor

from kit.grading import store
from kit.grading.batch import grade
from kit.grading.course import Course, open_course
from kit.grading.differences import differences
from kit.grading.execute import ExecuteAs
from kit.model import Unit
from kit.runner.level import found, unfenced
from kit.runner.levels import Level
from tests.nbgrader_suite.parity import quickstart_course

pytestmark = [pytest.mark.grading]
ASSIGNMENT = "tiny-practice"


@pytest.fixture(scope="module")
def collected(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with one submission that nobody has graded."""
    made = make_course(tmp_path_factory.mktemp("keep") / "course", content)
    hand_in(made, content, "kim", answered(content, **RIGHT))
    return made.root


@pytest.fixture
def course(collected: Path, tmp_path: Path) -> Course:
    return open_course(shutil.copytree(collected, tmp_path / "course"))


def command(course: Course) -> None:
    words = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT]
    subprocess.run(words, cwd=course.root, check=True, capture_output=True)


def button(course: Course) -> None:
    """What Formgrader's button calls."""
    with course.at_work("Formgrader"):
        done = NbGraderAPI(course.directory(), config=course.config).autograde(ASSIGNMENT, "kim")
    assert done["success"], done


@pytest.mark.parametrize("nbgraders", [command, button])
def test_each_way_to_grade_keeps_the_same_run(
    course: Course, nbgraders: Callable[[Course], None]
) -> None:
    nbgraders(course)
    run = store.runs(course, ASSIGNMENT)["kim"]
    assert run.sandbox == found().level
    assert [one.state for one in grade(course, ASSIGNMENT)] == ["kept"]
    grade(course, ASSIGNMENT, again=True)
    ours = store.runs(course, ASSIGNMENT)["kim"]
    assert (ours.key, ours.sandbox) == (run.key, run.sandbox)


class HandsInMeanwhile(NbGraderPreprocessor):  # type: ignore[misc]
    """The learner's next submission arrives while this one is run."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        course = self.parent.parent.coursedir
        (Path(course.root) / "submitted" / "kim" / ASSIGNMENT / "more.txt").touch()
        return nb, resources


def test_what_was_handed_in_while_nbgrader_ran_is_graded(course: Course) -> None:
    at_work = open_course(course.root)
    at_work.config.Autograde.autograde_preprocessors.insert(0, HandsInMeanwhile)
    with at_work.at_work("nbgrader autograde"):
        at_work.convert(Autograde, ASSIGNMENT, "kim")
    assert [one.state for one in grade(course, ASSIGNMENT)] == ["graded"]
    assert [one.state for one in grade(course, ASSIGNMENT)] == ["kept"]


def test_a_file_whose_name_is_no_text_stops_nobody(course: Course) -> None:
    folder = course.submitted("kim", ASSIGNMENT)
    Path(os.fsdecode(os.fsencode(folder) + b"/\xb0\xe1\xb0\xfa.csv")).touch()
    assert [one.state for one in grade(course, ASSIGNMENT)] == ["graded"]


def test_the_level_that_is_kept_is_the_runs_own(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    grade(course, ASSIGNMENT)
    assert store.runs(course, ASSIGNMENT)["kim"].sandbox == found().level
    # as on a machine that allows less than the one where the batch was started
    monkeypatch.setattr(ExecuteAs, "_level", lambda _self, _nb: Level.NONE)
    grade(course, ASSIGNMENT, again=True)
    assert store.runs(course, ASSIGNMENT)["kim"].sandbox == Level.NONE


def test_what_ran_without_the_sandbox_that_is_asked_for_is_run_again(course: Course) -> None:
    # Formgrader's button where nothing can be fenced, or a batch that was told so
    grade(course, ASSIGNMENT, sandbox=Level.NONE)
    assert [one.state for one in grade(course, ASSIGNMENT, sandbox=Level.NONE)] == ["kept"]
    (again,) = grade(course, ASSIGNMENT)
    assert (again.state, again.sandbox) == ("graded", found().level)
    assert [one.state for one in grade(course, ASSIGNMENT)] == ["kept"]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory, own_user: Path, tools_on_path: None) -> Path:
    """nbgrader's example, of two notebooks, in a course of the kit."""
    root = quickstart_course(tmp_path_factory.mktemp("example"))
    config = "from kit.grading import configure\nconfigure(get_config(), course='c1')\n"
    (root / "nbgrader_config.py").write_text(config, encoding="utf-8")
    return root


@pytest.fixture
def two(example: Path, tmp_path: Path) -> Course:
    return open_course(shutil.copytree(example, tmp_path / "course"))


def autograde(course: Course, learner: str, notebook: str = "*") -> None:
    course.config.CourseDirectory.notebook_id = notebook
    with course.at_work("nbgrader autograde"):
        course.convert(Autograde, "ps1", learner)


def test_a_submission_of_which_one_notebook_was_graded_is_due(two: Course) -> None:
    autograde(two, "solved")
    whole = store.runs(two, "ps1")["solved"]
    assert [one.state for one in grade(two, "ps1", ["solved"])] == ["kept"]
    autograde(two, "solved", "problem1")
    assert store.runs(two, "ps1")["solved"].key == ""
    assert [one.state for one in grade(two, "ps1", ["solved"])] == ["graded"]
    assert store.runs(two, "ps1")["solved"].key == whole.key


def test_half_a_submission_that_has_not_changed_is_kept(two: Course) -> None:
    for state in ("graded", "kept"):
        assert [one.state for one in grade(two, "ps1", ["late"])] == [state]
    shutil.rmtree(two.autograded("late", "ps1"))
    assert [one.state for one in grade(two, "ps1", ["late"])] == ["graded"]


def test_of_two_notebooks_the_weaker_level_is_kept(
    two: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    level = ExecuteAs._level

    def of_its_language(steps: ExecuteAs, nb: Any) -> Level:
        other = steps.resources["nbgrader"]["notebook"] == "problem1"
        return Level.NONE if other else level(steps, nb)

    monkeypatch.setattr(ExecuteAs, "_level", of_its_language)
    autograde(two, "solved")
    assert store.runs(two, "ps1")["solved"].sandbox == Level.NONE
    grade(two, "ps1", ["empty"])
    assert store.runs(two, "ps1")["empty"].sandbox == Level.NONE


@pytest.mark.skipif(bool(unfenced()), reason="nothing can be fenced here")
def test_differences_of_all_notebooks_are_kept_by_nbgraders_own_command(two: Course) -> None:
    config = two.root / "nbgrader_config.py"
    strict = f"{config.read_text('utf-8')}get_config().ExecuteAs.strict = True\n"
    config.write_text(strict, encoding="utf-8")
    notebook = two.submitted("solved", "ps1") / "problem1.ipynb"
    text, old = notebook.read_text("utf-8"), "def squares(n):\\n"
    assert old in text
    warned = text.replace(old, f"{old}    import warnings; warnings.warn('old')\\n")
    notebook.write_text(warned, encoding="utf-8")
    autograde(open_course(two.root), "solved")
    told = differences(two, "ps1")["solved"]
    assert {one.notebook for one in told} == {"problem1"}
    assert {one.plain for one in told} == {0.0}
    (again,) = grade(two, "ps1", ["solved"], strict=True)
    assert (again.state, again.differences) == ("kept", told)
