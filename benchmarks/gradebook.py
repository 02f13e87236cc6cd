"""What two gradebooks must have in common, and what nbgrader graded with."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

# by the names of things, since ids are random; of each table all its other columns
_ROWS = {
    "grade": "grade t JOIN base_cell c ON c.id = t.cell_id"
    " JOIN submitted_notebook b ON b.id = t.notebook_id",
    "comment": "comment t JOIN base_cell c ON c.id = t.cell_id"
    " JOIN submitted_notebook b ON b.id = t.notebook_id",
    "submitted_notebook": "submitted_notebook t JOIN submitted_notebook b ON b.id = t.id"
    " LEFT JOIN base_cell c ON 0",
}
_KEY = "s.student_id || '/' || n.name || '/' || coalesce(c.name, '')"
_REST = (
    " JOIN notebook n ON n.id = b.notebook_id JOIN submitted_assignment s ON s.id = b.assignment_id"
)
_SETTINGS = """
import json
from nbgrader import __version__
from nbgrader.apps import NbGrader
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

app = NbGrader()
app.initialize([])
course = CourseDirectory(parent=app)
grader = Autograde(coursedir=course, parent=app)
execute = next(one for one in grader.autograde_preprocessors if one.__name__ == "Execute")
used = execute(parent=grader)
print(json.dumps({
    "version": __version__,
    "sanitize_preprocessors": [one.__name__ for one in grader.sanitize_preprocessors],
    "autograde_preprocessors": [one.__name__ for one in grader.autograde_preprocessors],
    "Execute.timeout": used.timeout,
    "Execute.execute_retries": used.execute_retries,
    "database": course.db_url.partition(":")[0],
    "configuration": app.config,
}, default=str))
"""


def everything(path: Path) -> dict[str, dict[str, object]]:
    """Every column of what grading leaves, but ids, by table, learner, notebook and cell.

    Times are compared as they are stored, to the last digit: those are the learners' own.
    """
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    found = {}
    for table, joined in _ROWS.items():
        rows = connection.execute(f"SELECT {_KEY} AS place, t.* FROM {joined}{_REST}")
        found |= {f"{table} {row['place']}": _told(row) for row in rows}
    rows = connection.execute(
        "SELECT t.student_id AS place, t.* FROM submitted_assignment t"
        " JOIN assignment a ON a.id = t.assignment_id"
    )
    found |= {f"submitted_assignment {row['place']}": _told(row) for row in rows}
    connection.close()
    return found


def _told(row: sqlite3.Row) -> dict[str, object]:
    left = ("place", "id", "cell_id", "notebook_id", "assignment_id")
    return {name: row[name] for name in row.keys() if name not in left}  # noqa: SIM118


def differences(
    one: Mapping[str, Mapping[str, object]], other: Mapping[str, Mapping[str, object]]
) -> list[str]:
    """Each row and column that is not the same in both."""
    lines = [f"{place}: only in one" for place in sorted(one.keys() ^ other.keys())]
    for place in sorted(one.keys() & other.keys()):
        lines += [
            f"{place}: {name} {one[place].get(name)!r}, {other[place].get(name)!r}"
            for name in sorted({*one[place], *other[place]})
            if one[place].get(name) != other[place].get(name)
        ]
    return lines


def settings(course: Path, env: Mapping[str, str]) -> dict[str, object]:
    """What ``nbgrader autograde`` grades with in a course, as nbgrader itself resolves it."""
    command = [sys.executable, "-W", "ignore", "-c", _SETTINGS]
    done = subprocess.run(
        command, cwd=course, env=env, check=True, stdout=subprocess.PIPE, text=True
    )
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told
