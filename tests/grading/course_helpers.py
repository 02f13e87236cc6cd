"""A trainer's course of the fixture unit, and hand-ins of every make."""

from __future__ import annotations

import shutil
from pathlib import Path

from kit.gate.build import build_notebook
from kit.grading.course import Course, open_course
from kit.home import content_notebook, notebook_name
from kit.model import Part, Unit
from kit.notebooks import Notebook, find_cell, write_notebook

RIGHT = {"count": "count = len(disks)", "total": "total = sum(disks)"}
CASE = "def largest(disks):\n    return max(disks)"
CONFIG = """\
from datetime import datetime, timedelta
from kit.grading import configure

c = get_config()
configure(c, course="c1")
c.Execute.timeout = 4
{more}
"""


def make_course(root: Path, unit: Unit, more: str = "") -> Course:
    """Both assignments of a unit in source/ and in the gradebook."""
    from nbgrader.converters import GenerateAssignment

    root.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG.format(more=more), encoding="utf-8")
    course = open_course(root)
    for part in Part:
        folder = root / "source" / unit.assignment(part)
        folder.mkdir(parents=True)
        shutil.copy(content_notebook(unit, part), folder / notebook_name(part))
        with course.at_work("Releasing"):
            course.convert(GenerateAssignment, unit.assignment(part), "*")
    return course


def answered(unit: Unit, part: Part = Part.PRACTICE, **sources: str) -> Notebook:
    """A notebook with answers; ``count="3"`` style."""
    name = "workbook.md" if part is Part.PRACTICE else "assignment.md"
    notebook = build_notebook(unit, part, unit.folder / name)
    for exercise, text in sources.items():
        cell = find_cell(notebook, exercise, "answer") or find_cell(notebook, exercise, "manual")
        assert cell is not None
        cell["source"] = text
    return notebook


def hand_in(
    course: Course,
    unit: Unit,
    learner: str,
    notebook: Notebook | bytes | None,
    part: Part = Part.PRACTICE,
    at: str = "2026-11-20 10:00:00.000000 UTC",
    **files: str,
) -> Path:
    """What lies in submitted/ after collecting; files by stem, such as practice="{}"."""
    folder = course.submitted(learner, unit.assignment(part))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / notebook_name(part)
    if isinstance(notebook, bytes):
        path.write_bytes(notebook)
    elif notebook is not None:
        write_notebook(path, notebook)
    if at:
        (folder / "timestamp.txt").write_text(at + "\n", encoding="utf-8")
    for stem, text in files.items():
        (folder / f"{stem}.json").write_text(text, encoding="utf-8")
    return folder


def grades(course: Course, assignment: str, learner: str) -> dict[str, tuple[object, ...]]:
    """Automatic score, manual score and whether a person is wanted, by cell."""
    from nbgrader.api import Gradebook

    with Gradebook(course.db_url, course.course_id) as gradebook:
        submission = gradebook.find_submission(assignment, learner)
        return {
            g.name: (g.auto_score, g.manual_score, g.needs_manual_grade)
            for n in submission.notebooks
            for g in n.grades
        }


def judge(course: Course, assignment: str, learner: str, cell: str, score: float) -> None:
    """What Formgrader does when a person enters a score."""
    from nbgrader.api import Gradebook

    with Gradebook(course.db_url, course.course_id) as gradebook:
        name = gradebook.find_assignment(assignment).notebooks[0].name
        grade = gradebook.find_grade(cell, name, assignment, learner)
        grade.manual_score = score
        grade.needs_manual_grade = False
        gradebook.db.commit()
