"""Courses that know nothing of the kit, graded at once: nobody's test counts that never ran."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.converters import GenerateAssignment
from traitlets.config import Config

from kit.errors import GradingError
from kit.grading.batch import grade
from kit.grading.course import any_course

pytestmark = [pytest.mark.grading]
CELLS = {
    "f": "def f(x):\n    return x + 1",
    "one": "assert f(1) == 2",
    "two": "assert f(2) == 3",
    "three": "assert f(3) == 4",
}
EXITS = "def f(x):\n    return 2 if x == 1 else os._exit(0)"
# the answer, and the points of the three tests
WORKS = {
    "right": (CELLS["f"], [1.0, 1.0, 1.0]),
    "wrong": ("def f(x):\n    return 2", [1.0, 0.0, 0.0]),
    "exits": ("import os\nos._exit(0)", [0.0, 0.0, 0.0]),
    "exits in a test": (
        "import os\ndef f(x):\n    return 2 if x == 1 else os._exit(0)",
        [1.0, 0.0, 0.0],
    ),
    "closes": ("import os\nos.closerange(3, 99)\ndef f(x):\n    return 0", [0.0, 0.0, 0.0]),
}


def notebook(answer: str) -> nbformat.NotebookNode:
    cells = []
    for name, source in CELLS.items():
        test = name != "f"
        told = {"schema_version": 3, "grade_id": name, "solution": not test, "grade": test}
        told |= {"locked": test, "task": False, **({"points": 1} if test else {})}
        text = source if test else answer
        cells.append(nbformat.v4.new_code_cell(text, id=name, metadata={"nbgrader": told}))
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain course, and one hand-in of every make."""
    made = tmp_path_factory.mktemp("any") / "course"
    files = {"source/./a": notebook(CELLS["f"])}
    files |= {f"submitted/{name}/a": notebook(answer) for name, (answer, _) in WORKS.items()}
    for folder, one in files.items():
        (made / folder).mkdir(parents=True)
        nbformat.write(one, made / folder / "book.ipynb")
    (made / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    course = any_course(made)
    config = Config(course.config)
    with course.at_work("Releasing"):
        GenerateAssignment(coursedir=course.directory("a", "*"), config=config).start()
    return made


def test_each_gets_what_its_tests_have_shown(root: Path) -> None:
    found = {one.learner: one for one in grade(any_course(root), "a", jobs=2)}
    assert {name: one.score for name, one in found.items()} == {
        name: sum(points) for name, (_answer, points) in WORKS.items()
    }
    assert {one.state for one in found.values()} == {"graded"}
    assert "kernel died" in found["exits"].why
    graded = json.loads((root / "autograded" / "exits" / "a" / "book.ipynb").read_text("utf-8"))
    assert [[o["ename"] for o in cell["outputs"]] for cell in graded["cells"][1:]] == [
        ["NotRun"],
        ["NotRun"],
        ["NotRun"],
    ]


def damaged(folder: Path) -> None:
    """A notebook cut off, one of 200 MB, and one with a cell twice, at which nbgrader ends."""
    whole = notebook(CELLS["f"])
    whole.cells.append(nbformat.from_dict({**whole.cells[-1], "id": "twin"}))
    text = nbformat.writes(whole)
    for name, said in {"cut": text[:900], "huge": text, "twice": text}.items():
        path = folder / name / "a" / "book.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(said, encoding="utf-8")
    # it is said to be as long, and takes no room
    os.truncate(folder / "huge" / "a" / "book.ipynb", 200 * 2**20)


def test_what_nbgrader_cannot_take_fails_alone(root: Path, tmp_path: Path) -> None:
    course = shutil.copytree(root, tmp_path / "course")
    damaged(course / "submitted")
    found = {one.learner: one for one in grade(any_course(course), "a", jobs=2)}
    failed = {name: one.why for name, one in found.items() if one.state == "failed"}
    assert failed.keys() == {"cut", "huge", "twice"}
    assert failed["huge"] == "book.ipynb is too big (200 MB)"
    assert failed["cut"].startswith("book.ipynb cannot be read: damaged or cut off in line ")
    assert failed["twice"].startswith("nbgrader stopped at it: ")
    assert found["right"].score == sum(WORKS["right"][1])


def test_unchanged_work_is_kept(root: Path) -> None:
    grade(any_course(root), "a")
    assert {one.state for one in grade(any_course(root), "a")} == {"kept"}


def test_an_assignment_that_nobody_knows_is_an_error(root: Path) -> None:
    with pytest.raises(GradingError, match="'b' is not in the gradebook"):
        grade(any_course(root), "b")
