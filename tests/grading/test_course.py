"""The kit's configuration under plain nbgrader commands, with a whole batch."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.gate.build import build_notebook
from kit.model import Part, Unit
from kit.notebooks import Notebook, find_cell, write_notebook

pytestmark = pytest.mark.grading
CONFIG = Path(__file__).parents[2] / "assignments" / "nbgrader_config.py"


def nbgrader(course: Path, *words: str) -> str:
    tools = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [tools / "nbgrader", *words],
        cwd=course,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def answered(unit: Unit, **sources: str) -> Notebook:
    notebook = build_notebook(unit, Part.PRACTICE, unit.folder / "workbook.md")
    for exercise, text in sources.items():
        cell = find_cell(notebook, exercise, "answer")
        assert cell is not None
        cell["source"] = text
    return notebook


@pytest.fixture(scope="module")
def graded(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of three: one right, one with doubled cells in Korean, one broken."""
    import kit.content

    course = tmp_path_factory.mktemp("course")
    shutil.copy(CONFIG, course)
    source = kit.content.content_root() / "assignments" / "source" / "tiny-practice"
    shutil.copytree(source, course / "source" / "tiny-practice")
    right = answered(content, count="count = len(disks)", total="total = sum(disks)")
    doubled = answered(content, count="count = 99", total="total = sum(disks)")
    doubled["cells"] += [dict(cell, id=f"c{i}") for i, cell in enumerate(doubled["cells"])]
    doubled["metadata"]["kit"]["language"] = "ko"
    broken = answered(content, count="count = len(disks)", total="import os; os._exit(1)")
    for learner, notebook in {"right": right, "doubled": doubled, "broken": broken}.items():
        write_notebook(
            course / "submitted" / learner / "tiny-practice" / "workbook.ipynb", notebook
        )
    nbgrader(course, "generate_assignment", "tiny-practice")
    nbgrader(course, "autograde", "tiny-practice")
    return course


def scores(course: Path, learner: str) -> dict[str, float]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "upskill") as gradebook:
        submission = gradebook.find_submission("tiny-practice", learner)
        return {g.name: g.score for n in submission.notebooks for g in n.grades}


def test_one_bad_notebook_stops_nobody_else(graded: Path) -> None:
    assert scores(graded, "right") == {"count": 1.0, "total": 1.0}
    assert scores(graded, "doubled") == {"count": 0.0, "total": 1.0}
    assert scores(graded, "broken") == {"count": 1.0, "total": 0.0}


def test_feedback_speaks_the_language_of_the_learners_notebook(graded: Path) -> None:
    path = graded / "autograded" / "doubled" / "tiny-practice" / "workbook.ipynb"
    assert "디스크를 99개로" in path.read_text(encoding="utf-8")


def test_release_keeps_the_stubs_and_holds_no_secret(graded: Path) -> None:
    release = graded / "release" / "tiny-practice"
    assert sorted(p.name for p in release.rglob("*")) == ["course.json", "workbook.ipynb"]
    notebook = json.loads((release / "workbook.ipynb").read_text(encoding="utf-8"))
    answer = find_cell(notebook, "count", "answer")
    assert answer is not None
    assert "".join(answer["source"]) == "count = ____"
