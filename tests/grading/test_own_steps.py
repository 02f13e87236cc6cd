"""A course with steps of its own that knows nothing of the kit: the same fences and record."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbgrader.converters import GenerateAssignment
from traitlets.config import Config

from kit.errors import GradingError
from kit.grading import store
from kit.grading.batch import grade
from kit.grading.course import Course, any_course
from kit.runner.levels import Level
from kit.runner.spawn import supported

pytestmark = [
    pytest.mark.grading,
    pytest.mark.skipif(not supported(), reason="fences need Linux"),
]
STAMPS = """
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
class Stamp(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        nb.metadata.stamped = True
        return nb, resources
class Mine(Execute):
    pass
c = get_config()
steps = Autograde.autograde_preprocessors.default()
c.Autograde.autograde_preprocessors = [*steps, Stamp]
"""
RUNS = STAMPS + "c.Autograde.autograde_preprocessors[3:3] = [Mine]\n"
TEST = "assert f(1) == 2"
ESCAPES = "open('{root}/stolen', 'w').write(open('{root}/keys.txt', 'r').read())"


def notebook(answer: str) -> nbformat.NotebookNode:
    cells = []
    for name, source, test in (("f", answer, False), ("one", TEST, True)):
        told = {"schema_version": 3, "grade_id": name, "solution": not test, "grade": test}
        told |= {"locked": test, "task": False, **({"points": 1} if test else {})}
        cells.append(nbformat.v4.new_code_cell(source, id=name, metadata={"nbgrader": told}))
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = tmp_path_factory.mktemp("own") / "course"
    right = "def f(x):\n    return x + 1"
    escapes = ESCAPES.format(root=made)
    works = {"right": right, "escapes": f"{right}\n{escapes}", "links": right}
    files = {"source/./a": notebook(right)}
    files |= {f"submitted/{name}/a": notebook(answer) for name, answer in works.items()}
    for folder, one in files.items():
        (made / folder).mkdir(parents=True)
        nbformat.write(one, made / folder / "book.ipynb")
    (made / "keys.txt").write_text("secret", encoding="utf-8")
    (made / "submitted/links/a/data.csv").symlink_to(made / "keys.txt")
    (made / "nbgrader_config.py").write_text(STAMPS, encoding="utf-8")
    found = any_course(made)
    config = Config(found.config)
    with found.at_work("Releasing"):
        GenerateAssignment(coursedir=found.directory("a", "*"), config=config).start()
    return found


def graded(course: Course, learner: str) -> Path:
    return course.autograded(learner, "a")


@pytest.fixture(scope="module")
def results(course: Course) -> dict[str, str]:
    return {one.learner: one.state for one in grade(any_course(course.root), "a", jobs=2)}


def test_their_own_steps_are_taken(course: Course, results: dict[str, str]) -> None:
    assert results == {"right": "graded", "escapes": "graded", "links": "graded"}
    book = json.loads((graded(course, "right") / "book.ipynb").read_text("utf-8"))
    assert book["metadata"]["stamped"] is True


def test_notebooks_run_behind_fences(course: Course, results: dict[str, str]) -> None:
    assert not (course.root / "stolen").exists()
    book = json.loads((graded(course, "escapes") / "book.ipynb").read_text("utf-8"))
    # read-only, or not there at all
    assert [one["output_type"] for one in book["cells"][0]["outputs"]] == ["error"]


def test_links_of_a_submission_lead_nowhere(course: Course, results: dict[str, str]) -> None:
    assert not (graded(course, "links") / "data.csv").exists()


def test_the_level_is_kept_and_unchanged_work_is_not_run_again(
    course: Course, results: dict[str, str]
) -> None:
    with store.connected(course) as connection:
        levels = {run.sandbox for run in store.runs(connection, "a").values()}
    assert levels == {Level.FENCES.value}
    again = grade(any_course(course.root), "a")
    assert {one.state for one in again} == {"kept"}
    assert {one.score for one in again} == {1.0}


def test_a_step_that_runs_notebooks_itself_is_refused_unless_asked_for(
    course: Course, results: dict[str, str]
) -> None:
    config = course.root / "nbgrader_config.py"
    config.write_text(RUNS, encoding="utf-8")
    try:
        with pytest.raises(GradingError, match="Mine"):
            grade(any_course(course.root), "a", learners=["right"], again=True)
        trusted = {"learners": ["right"], "again": True, "sandbox": Level.NONE}
        (one,) = grade(any_course(course.root), "a", **trusted)
        assert one.score == 1
    finally:
        config.write_text(STAMPS, encoding="utf-8")
