"""A cohort as tables: what grading reads out of a gradebook, and what reports are made of.

Grading fills it and reports read it; neither imports the other. Every table is there,
with all its columns, however empty. Times are UTC. Self-reported tables hold what
learners' own kits sent along with a submission (``practice.json``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from kit.i18n import mark

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

# column -> pandas dtype; "time" is datetime64[ns, UTC], "key" a category of texts: a cohort
# of thousands has a million of them, and few that differ
COLUMNS: dict[str, dict[str, str]] = {
    # everybody on the roster, handed in or not, and whoever else is in the gradebook;
    # enrolled: on the roster, or the course has none
    "learners": {
        "learner": "key",
        "name": "str",
        "team": "str",
        "language": "str",
        "enrolled": "bool",
    },
    # the two of each unit; due is NaT without a date, released: learners can fetch it
    "assignments": {
        "assignment": "key",
        "unit": "key",
        "part": "str",
        "due": "time",
        "released": "bool",
        "max_score": "float64",
    },
    # the one submission that counts of each learner and assignment. score is what nbgrader
    # shows without the cells that wait for a person, its late penalty taken off; max_score
    # leaves uncheckable cells out; to_grade counts cells that wait; passed of checks are the
    # check cells; late in seconds past the due date, extension included; failure says why it
    # could not be graded ("" when it could): then it has no points, and no penalty
    "submissions": {
        "learner": "key",
        "assignment": "key",
        "submitted_at": "time",
        "late": "float64",
        "penalty": "float64",
        "score": "float64",
        "max_score": "float64",
        "to_grade": "int64",
        "passed": "int64",
        "checks": "int64",
        "version": "str",
        "failure": "str",
    },
    # one row for each graded cell, over submissions of enrolled people that could be graded;
    # share is the mean of the points, 0 to 1
    "exercises": {
        "assignment": "key",
        "exercise": "key",
        "max_score": "float64",
        "n": "int64",
        "passed": "int64",
        "to_grade": "int64",
        "share": "float64",
    },
    # a common mistake that a learner met, once each; verified: seen when graded
    "mistakes": {
        "learner": "key",
        "unit": "key",
        "exercise": "key",
        "label": "key",
        "solved": "bool",
        "verified": "bool",
    },
    # self-reported: work before handing in; first is the outcome of the first attempt
    "practice": {
        "learner": "key",
        "unit": "key",
        "exercise": "key",
        "attempts": "int64",
        "first": "key",
        "passed": "bool",
        "hints": "int64",
        "taken": "bool",
        "minutes": "float64",
    },
    # self-reported: the questions before and after, those answered at both ends
    "items": {"learner": "key", "unit": "key", "pair": "str", "pre": "bool", "post": "bool"},
    # self-reported: the unit used on own data; counts only
    "applied": {"learner": "key", "unit": "key", "at": "time", "rows": "int64"},
    # the learner's word on AI: use is none, explain, draft or most
    "declarations": {"learner": "key", "unit": "key", "use": "str", "note": "str"},
    # more time than everybody has, handed in or not
    "extensions": {"learner": "key", "assignment": "key", "days": "float64"},
    # state is open or answered
    "requests": {
        "learner": "key",
        "unit": "key",
        "exercise": "key",
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
    ``synthetic``: generated learners; every chart then says so. ``timezone``: the IANA name
    of the zone in which the course's people read times.
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
    extensions: pd.DataFrame
    synthetic: bool = False
    # anything a reader should know, such as submissions that could not be graded
    notes: tuple[str, ...] = field(default_factory=tuple)
    timezone: str = "UTC"


# why a submission cannot be graded, as a gradebook keeps it, for people of any language
MISSING_AMONG = mark("{name} is missing; handed in: {others}")
MISSING = mark("{name} is missing")
EMPTY = mark("{name} is empty (0 bytes)")
TOO_BIG = mark("{name} is too big ({size} MB)")
TOO_HEAVY = mark("{name} holds too many values, mostly in its outputs")
CUT_OFF = mark("{name} cannot be read: damaged or cut off in line {line}")
NO_TEXT = mark("{name} cannot be read: it is not text")
NO_TIME = mark("{name} says no time that can be read")
NO_NOTEBOOK = mark("{name} is not a notebook")
STOPPED_AT_IT = mark("nbgrader stopped at it: {error}")
PROCESS_ENDED = mark("it ended the grading process, perhaps for want of memory")
# a text fits the first that it could be: the longer one stands before its beginning
FAILURES = (
    MISSING_AMONG,
    MISSING,
    EMPTY,
    TOO_BIG,
    TOO_HEAVY,
    CUT_OFF,
    NO_TEXT,
    NO_TIME,
    NO_NOTEBOOK,
    STOPPED_AT_IT,
    PROCESS_ENDED,
)

TABLES = tuple(f.name for f in fields(Cohort) if f.name in COLUMNS)


def table(name: str, rows: pd.DataFrame | Mapping[str, object] | None = None) -> pd.DataFrame:
    """A table with exactly its columns and dtypes; ``rows`` None gives an empty one.

    Raises KeyError when a column is missing.
    """
    import pandas as pd

    frame = pd.DataFrame(rows) if rows is not None else pd.DataFrame(columns=list(COLUMNS[name]))
    typed = {column: _typed(frame[column], kind) for column, kind in COLUMNS[name].items()}
    return pd.DataFrame(typed, columns=list(COLUMNS[name]))


def _typed(values: Any, kind: str) -> Any:
    import pandas as pd

    if kind == "time":
        return pd.to_datetime(values, utc=True)
    if kind != "key":
        return values.astype(kind)
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values
    return values.astype("str").astype("category")


def enrolled(cohort: Cohort) -> Cohort:
    """The cohort without what belongs to people who are not on its roster.

    ``exercises`` stays: nobody else counts in it from the start.
    """
    people = cohort.learners
    if people["enrolled"].all():
        return cohort
    known = people.loc[people["enrolled"], "learner"]
    tables = {name: getattr(cohort, name) for name in TABLES if "learner" in COLUMNS[name]}
    return replace(cohort, **{n: t[t["learner"].isin(known)] for n, t in tables.items()})


def aligned(cohort: Cohort) -> Cohort:
    """The cohort with the same sorted categories in all columns of one name.

    Tables are then joined, grouped and sorted by small numbers, as their texts would be.
    """
    import pandas as pd

    tables = {name: getattr(cohort, name).copy(deep=False) for name in TABLES}
    names = {column for name in TABLES for column, kind in COLUMNS[name].items() if kind == "key"}
    for column in names:
        having = [table for table in tables.values() if column in table]
        known = sorted(set().union(*(table[column].cat.categories.tolist() for table in having)))
        # an index of texts even where nothing is known
        kind = pd.CategoricalDtype(pd.Index(known, dtype="str"))
        for table in having:
            table[column] = table[column].astype(kind)
    return replace(cohort, **tables)
