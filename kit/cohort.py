"""A cohort as tables: what grading reads out of a gradebook, and what reports are made of.

Grading fills it and reports read it; neither imports the other. Every table is there,
with all its columns, however empty. Times are UTC. Self-reported tables hold what
learners' own kits sent along with a submission (``practice.json``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

# column -> pandas dtype; "time" is datetime64[ns, UTC]
COLUMNS: dict[str, dict[str, str]] = {
    # everybody on the roster, handed in or not
    "learners": {"learner": "str", "name": "str", "team": "str", "language": "str"},
    # the two of each unit; due is NaT without a date, released: learners can fetch it
    "assignments": {
        "assignment": "str",
        "unit": "str",
        "part": "str",
        "due": "time",
        "released": "bool",
        "max_score": "float64",
    },
    # the one submission that counts of each learner and assignment. score is what nbgrader
    # shows, its late penalty taken off; max_score leaves uncheckable cells out; to_grade
    # counts cells that wait for a person; passed of checks are the check cells; late in
    # seconds past the due date, extension included
    "submissions": {
        "learner": "str",
        "assignment": "str",
        "submitted_at": "time",
        "late": "float64",
        "penalty": "float64",
        "score": "float64",
        "max_score": "float64",
        "to_grade": "int64",
        "passed": "int64",
        "checks": "int64",
        "version": "str",
    },
    # one row for each graded cell over all submissions; share is the mean of the points, 0 to 1
    "exercises": {
        "assignment": "str",
        "exercise": "str",
        "max_score": "float64",
        "n": "int64",
        "passed": "int64",
        "to_grade": "int64",
        "share": "float64",
    },
    # a common mistake that a learner met, once each; verified: seen when graded
    "mistakes": {
        "learner": "str",
        "unit": "str",
        "exercise": "str",
        "label": "str",
        "solved": "bool",
        "verified": "bool",
    },
    # self-reported: work before handing in; first is the outcome of the first attempt
    "practice": {
        "learner": "str",
        "unit": "str",
        "exercise": "str",
        "attempts": "int64",
        "first": "str",
        "passed": "bool",
        "hints": "int64",
        "taken": "bool",
        "minutes": "float64",
    },
    # self-reported: the questions before and after, those answered at both ends
    "items": {"learner": "str", "unit": "str", "pair": "str", "pre": "bool", "post": "bool"},
    # self-reported: the unit used on own data; counts only
    "applied": {"learner": "str", "unit": "str", "at": "time", "rows": "int64"},
    # the learner's word on AI: use is none, explain, draft or most
    "declarations": {"learner": "str", "unit": "str", "use": "str", "note": "str"},
    # state is open or answered
    "requests": {
        "learner": "str",
        "unit": "str",
        "exercise": "str",
        "because": "str",
        "asked_at": "time",
        "state": "str",
        "answer": "str",
    },
}


@dataclass(frozen=True)
class Cohort:
    """The tables of one course at one moment; see ``COLUMNS`` for their columns.

    ``verifier`` names who keeps the gradebook, "self" for a self-learner's own.
    ``synthetic``: generated learners; every chart then says so.
    """

    course: str
    title: str
    taken_at: datetime
    verifier: str
    learners: pd.DataFrame
    assignments: pd.DataFrame
    submissions: pd.DataFrame
    exercises: pd.DataFrame
    mistakes: pd.DataFrame
    practice: pd.DataFrame
    items: pd.DataFrame
    applied: pd.DataFrame
    declarations: pd.DataFrame
    requests: pd.DataFrame
    synthetic: bool = False
    # anything a reader should know, such as submissions that could not be graded
    notes: tuple[str, ...] = field(default_factory=tuple)


TABLES = tuple(f.name for f in fields(Cohort) if f.name in COLUMNS)


def table(name: str, rows: pd.DataFrame | Mapping[str, object] | None = None) -> pd.DataFrame:
    """A table with exactly its columns and dtypes; ``rows`` None gives an empty one.

    Raises KeyError when a column is missing.
    """
    import pandas as pd

    frame = pd.DataFrame(rows) if rows is not None else pd.DataFrame(columns=list(COLUMNS[name]))
    typed: dict[str, Any] = {}
    for column, kind in COLUMNS[name].items():
        values: Any = frame[column]
        typed[column] = pd.to_datetime(values, utc=True) if kind == "time" else values.astype(kind)
    return pd.DataFrame(typed, columns=list(COLUMNS[name]))
