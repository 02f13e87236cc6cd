"""Marks into nbgrader's gradebook and the kit's tables: one submission, one transaction.

The rows are those that nbgrader's SaveAutoGrades and AssignLatePenalties leave, and scores
that people gave stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import Connection, bindparam, insert, select

from kit.grading import store
from kit.grading.marks import Marks

# learner, points, seconds past the due date: points to take off, None for none
Penalty = Callable[[str, float, float], float | None]

_STUDENT, _ASSIGNMENT, _NOTEBOOK, _CELL = (
    kind.__table__ for kind in (Student, Assignment, Notebook, BaseCell)
)
_HANDED, _BOOK, _GRADE, _COMMENT = (
    kind.__table__ for kind in (SubmittedAssignment, SubmittedNotebook, Grade, Comment)
)
# nbgrader's kinds of cells that have a grade, and those that have a comment
_GRADED, _COMMENTED = {"GradeCell", "TaskCell"}, {"SolutionCell", "TaskCell"}


@dataclass(frozen=True)
class Rules:
    """What a course adds to a score: ``penalty`` for lateness, ``days`` of a waiting extension.

    ``keep_judged``: a person is not asked again about work that has not changed.
    """

    penalty: Penalty
    days: int = 0
    keep_judged: bool = True


def save(
    connection: Connection,
    assignment: str,
    learner: str,
    submitted_at: datetime | None,
    marks: Sequence[Marks],
    rules: Rules,
    *,
    whole: bool = True,
) -> None:
    """Save what a run found, inside the caller's transaction; later ones replace earlier ones.

    ``submitted_at`` is UTC, None when nobody knows. Of a ``whole`` submission a notebook
    without ``marks`` was not handed in and gets 0. Of ``broken`` marks the points before count,
    without a penalty. MissingEntry when the gradebook does not
    know the assignment or one of the cells.
    """
    handed = enter(connection, assignment, learner, submitted_at)
    books = _notebooks(connection, handed)
    found = {one.notebook: one for one in marks}
    for name, book in books.items():
        if name in found:
            _save_notebook(connection, assignment, learner, book, found[name], rules)
        elif whole:
            _nothing_there(connection, book)
    _extend(connection, handed, rules.days)
    marked = [book for name, book in books.items() if name in found and not found[name].broken]
    _assign_penalties(connection, learner, handed, marked, rules.penalty)


def enter(
    connection: Connection, assignment: str, learner: str, submitted_at: datetime | None
) -> str:
    """The id of the learner's submission, made with all its rows when it is the first.

    MissingEntry when the gradebook does not know the assignment.
    """
    known = connection.scalar(select(_ASSIGNMENT.c.id).where(_ASSIGNMENT.c.name == assignment))
    if known is None:
        raise MissingEntry(f"No such assignment: {assignment}")
    if connection.scalar(select(_STUDENT.c.id).where(_STUDENT.c.id == learner)) is None:
        connection.execute(insert(_STUDENT), {"id": learner})
    mine = (_HANDED.c.assignment_id == known) & (_HANDED.c.student_id == learner)
    handed = connection.scalar(select(_HANDED.c.id).where(mine))
    stamp = {"timestamp": submitted_at} if submitted_at else {}
    if handed is None:
        handed = new_uuid()
        row = {"id": handed, "assignment_id": known, "student_id": learner}
        connection.execute(insert(_HANDED), {**row, **stamp})
        _add_rows(connection, known, handed)
    elif stamp:
        connection.execute(_HANDED.update().where(_HANDED.c.id == handed), stamp)
    return str(handed)


def _add_rows(connection: Connection, assignment: str, handed: str) -> None:
    rows = connection.execute(
        select(_NOTEBOOK.c.id, _CELL.c.id.label("cell"), _CELL.c.type)
        .outerjoin(_CELL, _CELL.c.notebook_id == _NOTEBOOK.c.id)
        .where(_NOTEBOOK.c.assignment_id == assignment)
    ).all()
    books = {row.id: new_uuid() for row in rows}
    new = [
        {"id": mine, "notebook_id": name, "assignment_id": handed} for name, mine in books.items()
    ]
    _insert(connection, _BOOK, new)
    for table, kinds in ((_GRADE, _GRADED), (_COMMENT, _COMMENTED)):
        cells = [row for row in rows if row.type in kinds]
        _insert(
            connection,
            table,
            [{"cell_id": row.cell, "notebook_id": books[row.id]} for row in cells],
        )


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _notebooks(connection: Connection, handed: str) -> dict[str, str]:
    """The ids of a submission's notebooks by name."""
    rows = connection.execute(
        select(_NOTEBOOK.c.name, _BOOK.c.id)
        .join(_BOOK, _BOOK.c.notebook_id == _NOTEBOOK.c.id)
        .where(_BOOK.c.assignment_id == handed)
    )
    return {row.name: row.id for row in rows}


def _rows(connection: Connection, table: Any, book: str) -> dict[str, Any]:
    """Grades or comments of a submitted notebook by the cell's name."""
    rows = connection.execute(
        select(table, _CELL.c.name)
        .join(_CELL, table.c.cell_id == _CELL.c.id)
        .where(table.c.notebook_id == book)
    )
    return {row.name: row for row in rows}


def _save_notebook(
    connection: Connection, assignment: str, learner: str, book: str, marks: Marks, rules: Rules
) -> None:
    place = (assignment, learner, marks.notebook)
    grades = _rows(connection, _GRADE, book)
    same: set[str] = set()
    if rules.keep_judged:
        before = store.texts(connection, *place)
        same = {
            name
            for name, text in marks.texts.items()
            if before.get(name) == text and name in grades and _settled(grades[name])
        }
    scores = {
        mark.name: _score(_known(grades, mark.name), mark.points, mark.name in same)
        for mark in marks.cells
        if mark.graded
    }
    for name, share in marks.doubtful.items():
        scores[name] = {"auto_score": share, "needs_manual_grade": True}
    _update(connection, _GRADE, {grades[name].id: row for name, row in scores.items()})
    comments = _rows(connection, _COMMENT, book)
    said = {mark.name: mark.comment for mark in marks.cells if mark.commented}
    rows = {_known(comments, name).id: {"auto_comment": text} for name, text in said.items()}
    _update(connection, _COMMENT, rows)
    if rules.keep_judged and not marks.broken:
        store.save_texts(connection, *place, marks.texts)


def _settled(grade: Any) -> bool:
    """Whether it has a person's score and waits for nobody."""
    return grade.manual_score is not None and not grade.needs_manual_grade


def _score(grade: Any, points: float | None, same: bool) -> dict[str, Any]:
    asks = grade.manual_score is not None or points is None
    # a score of nbgrader's own means that the work was taken back
    return {"auto_score": points, "needs_manual_grade": asks and not (same and points is None)}


def _known(rows: Mapping[str, Any], name: str) -> Any:
    if name not in rows:
        raise MissingEntry(f"No such cell in the gradebook: {name}")
    return rows[name]


def _update(connection: Connection, table: Any, rows: Mapping[str, dict[str, Any]]) -> None:
    if not rows:
        return
    columns = next(iter(rows.values()))
    change = table.update().where(table.c.id == bindparam("one"))
    change = change.values({name: bindparam(f"new_{name}") for name in columns})
    connection.execute(
        change,
        [
            {"one": one} | {f"new_{name}": row[name] for name in columns}
            for one, row in rows.items()
        ],
    )


def _nothing_there(connection: Connection, book: str) -> None:
    change = {"auto_score": 0.0, "needs_manual_grade": False}
    connection.execute(_GRADE.update().where(_GRADE.c.notebook_id == book), change)


def _extend(connection: Connection, handed: str, days: int) -> None:
    if days:
        # one that a trainer gave later counts more
        ungiven = (_HANDED.c.id == handed) & _HANDED.c.extension.is_(None)
        connection.execute(_HANDED.update().where(ungiven), {"extension": timedelta(days=days)})


def _assign_penalties(
    connection: Connection, learner: str, handed: str, books: Iterable[str], penalty: Penalty
) -> None:
    row = connection.execute(
        select(_HANDED.c.timestamp, _HANDED.c.extension, _ASSIGNMENT.c.duedate)
        .join(_ASSIGNMENT, _HANDED.c.assignment_id == _ASSIGNMENT.c.id)
        .where(_HANDED.c.id == handed)
    ).one()
    late = 0.0
    if row.timestamp is not None and row.duedate is not None:
        due = row.duedate + row.extension if row.extension is not None else row.duedate
        late = max(0.0, (row.timestamp - due).total_seconds())
    for book in books:
        points = _penalty(connection, learner, book, late, penalty) if late > 0 else None
        change = {"late_submission_penalty": points}
        connection.execute(_BOOK.update().where(_BOOK.c.id == book), change)


def _penalty(
    connection: Connection, learner: str, book: str, late: float, penalty: Penalty
) -> float | None:
    score = float(
        connection.scalar(select(SubmittedNotebook.score).where(SubmittedNotebook.id == book)) or 0
    )
    told = penalty(learner, score, late)
    # nbgrader's own bounds
    return None if told is None else min(max(told, 0.0), score)
