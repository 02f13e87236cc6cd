"""A test's result above its points: nbgrader fails there, and what came before stays earned."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_notebook
from nbgrader.converters import Autograde, GenerateAssignment
from plain_helpers import cell, locked_test
from traitlets.config import Config

from kit.errors import GradingError
from kit.grading import store
from kit.grading.batch import grade
from kit.grading.course import Course, any_course, open_course

pytestmark = [pytest.mark.grading]
LATE = "2026-11-03 10:00:00 UTC"
RIGHT = "def f(x):\n    return x + 1"
# shown as the test's own result; and one that is no text
WORKS = {
    "above": "def f(x):\n    if x == 2:\n        get_ipython().displayhook(99)\n    return x + 1",
    "picture": "def f(x):\n    if x == 2:\n        shell = get_ipython()\n"
    "        shell.display_formatter.format = lambda *a, **k: ({'text/html': 'x'}, {})\n"
    "        shell.displayhook(9)\n    return x + 1",
    "right": RIGHT,
}
PLAIN = "c = get_config()\n"
KIT = "from kit.grading import configure\nc = get_config()\nconfigure(c, course='c1')\n"


def made(answer: str) -> nbformat.NotebookNode:
    tests = [locked_test(f"t{n}", f"assert f({n}) == {n + 1}") for n in (1, 2, 3)]
    return new_notebook(cells=[cell("f", answer, solution=True), *tests])


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain course of two notebooks; of every learner the first one is right."""
    root = tmp_path_factory.mktemp("broken") / "course"
    answers = {"source/.": RIGHT} | {f"submitted/{name}": work for name, work in WORKS.items()}
    for folder, answer in answers.items():
        (root / folder / "a").mkdir(parents=True)
        for name, text in {"p1": RIGHT, "p2": answer, "p3": RIGHT}.items():
            nbformat.write(made(text), root / folder / "a" / f"{name}.ipynb")
        if "submitted" in folder:
            (root / folder / "a" / "timestamp.txt").write_text(LATE, encoding="utf-8")
    (root / "nbgrader_config.py").write_text(PLAIN, encoding="utf-8")
    course = any_course(root)
    with course.at_work("Releasing"):
        config = Config(course.config)
        GenerateAssignment(coursedir=course.directory("a", "*"), config=config).start()
    return root


def copied(root: Path, base: Path, config: str = PLAIN) -> Course:
    shutil.copytree(root, base / "course")
    (base / "course" / "nbgrader_config.py").write_text(config, encoding="utf-8")
    return any_course(base / "course") if config == PLAIN else open_course(base / "course")


def by_notebook(course: Course, learner: str) -> dict[str, list[float | None]]:
    from nbgrader.api import Gradebook

    with Gradebook(course.db_url, course.course_id) as gradebook:
        books = gradebook.find_submission("a", learner).notebooks
        return {
            book.name: [g.auto_score for g in sorted(book.grades, key=lambda one: one.name)]
            for book in books
        }


EARNED = {"p1": [1.0, 1.0, 1.0], "p2": [1.0, None, None], "p3": [None, None, None]}


def by_nbgrader(course: Course, learner: str) -> dict[str, list[float | None]]:
    config = Config(course.config)
    converter = Autograde(coursedir=course.directory("a", learner), config=config)
    with pytest.raises(GradingError), course.at_work("Grading"):
        converter.start()
    return by_notebook(course, learner)


def test_nbgrader_keeps_what_came_before(root: Path, tmp_path: Path) -> None:
    assert by_nbgrader(copied(root, tmp_path), "above") == EARNED


def test_so_do_its_commands_on_a_course_of_ours(root: Path, tmp_path: Path) -> None:
    course = copied(root, tmp_path, KIT)
    assert by_nbgrader(course, "above") == EARNED


def test_so_does_a_batch(root: Path, tmp_path: Path) -> None:
    course = copied(root, tmp_path)
    found = {one.learner: one for one in grade(course, "a", jobs=1)}
    assert {name: one.state for name, one in found.items()} == {
        "above": "failed",
        "picture": "failed",
        "right": "graded",
    }
    assert "ValueError" in found["above"].why
    assert "KeyError" in found["picture"].why
    assert by_notebook(course, "above") == by_notebook(course, "picture") == EARNED
    # reports say what is the matter, and count nothing of it
    assert found["above"].score == 0.0
    assert store.handins(course, "a")["above"].state == store.FAILED


def test_no_graded_notebook_of_an_earlier_hand_in_stays_beside_it(
    root: Path, tmp_path: Path
) -> None:
    course = copied(root, tmp_path)
    mine = course.submitted("above", "a") / "p2.ipynb"
    text = mine.read_text(encoding="utf-8")
    nbformat.write(made(RIGHT), mine)
    assert grade(course, "a", ["above"], jobs=1)[0].score == 9.0
    mine.write_text(text.replace("get_ipython", "print(); get_ipython"), encoding="utf-8")
    assert grade(course, "a", ["above"], jobs=1)[0].state == "failed"
    assert not course.autograded("above", "a").exists()
