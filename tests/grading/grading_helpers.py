"""What the grading tests do to a home, and read from it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kit.cli.submit import hand_in
from kit.home import LearnerHome
from kit.model import Part, Unit
from kit.notebooks import Notebook, find_cell, read_notebook, write_notebook
from kit.progress import ProgressLog


def edit(home: LearnerHome, unit: Unit, part: Part, **sources: str) -> None:
    """Write into answer cells (``count="3"`` style: exercise to source)."""
    path = home.notebook(unit, part)
    notebook = read_notebook(path)
    for exercise, text in sources.items():
        cell = find_cell(notebook, exercise, "answer") or find_cell(notebook, exercise, "manual")
        assert cell is not None
        cell["source"] = text
    write_notebook(path, notebook)


def change(home: LearnerHome, unit: Unit, part: Part, how: Callable[[Notebook], None]) -> None:
    """Change a notebook's cells in any way a learner can."""
    path = home.notebook(unit, part)
    notebook = read_notebook(path)
    how(notebook)
    write_notebook(path, notebook)


def cell_of(result: dict[str, Any], exercise: str) -> dict[str, Any]:
    """The row of one exercise in a result."""
    cells: list[dict[str, Any]] = [c for a in result["assignments"] for c in a["cells"]]
    rows = [cell for cell in cells if cell["exercise"] == exercise]
    assert len(rows) == 1
    return rows[0]


def gradebook_scores(home: LearnerHome, assignment: str) -> dict[str, dict[str, Any]]:
    """What stands in the gradebook, by exercise."""
    from nbgrader.api import Gradebook

    course = home.state / "course"
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", home.course) as gradebook:
        submission = gradebook.find_submission(assignment, home.learner)
        return {
            grade.name: {
                "auto": grade.auto_score,
                "manual": grade.manual_score,
                "score": grade.score,
                "needs_manual": grade.needs_manual_grade,
            }
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def events(home: LearnerHome) -> list[dict[str, Any]]:
    """The progress log: what each line says."""
    return [dict(record.row) for record in ProgressLog(home.progress_file).records()]


RIGHT = {"count": "count = len(disks)", "total": "total = sum(disks)"}


def submit(home: LearnerHome, unit: Unit, **ratings: int) -> dict[str, Any]:
    return hand_in(home, unit, ratings, lambda *_: None)


def scores(result: dict[str, Any]) -> dict[str, float]:
    """Points in the practice; the home may hold a graded result of an earlier test."""
    practice = next(a for a in result["assignments"] if a["part"] == "practice")
    return {c["exercise"]: c["points"] for c in practice["cells"]}
