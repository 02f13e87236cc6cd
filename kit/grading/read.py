"""A course's gradebook as a cohort's tables: everything that reports are made of."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kit.cohort import COLUMNS, Cohort, table
from kit.content import load_units
from kit.grading import store
from kit.grading.cohort_file import course_cohorts, is_synthetic, roster
from kit.grading.extensions import extension_rows, time_granted
from kit.grading.grades import Sums, sum_grades
from kit.grading.handed_tables import HANDIN, SEEN, Handed, handed_tables
from kit.grading.query import query
from kit.home import OWN_COURSE
from kit.i18n import phrase
from kit.imports import no_collecting
from kit.model import Part

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kit.grading.course import Course

SELF = "self"
_PRACTICE = "-practice"
# rows that the index of store.py holds
_TOLD = "label <> '' or earlier <> '' or kind = 'uncheckable'"


def read_cohort(course: Course, *, settled: bool = False) -> Cohort:
    """Read the gradebook at this moment; every table is there, however empty.

    Scores are nbgrader's of cells that wait for nobody, with the late penalty taken off; work
    that could not be graded has none. ``settled``: penalties are brought up to date first, as
    ``settle_penalties`` does. Assignments of others are units of their own. GradingError when
    the gradebook cannot be read.
    """
    with (
        course.at_work(phrase("Reading the gradebook")),
        # a million new objects, none of them garbage
        no_collecting(),
        store.connected(course) as connection,
    ):
        return _Reader(course, connection.engine).cohort(settled)


def settle_penalties(course: Course) -> None:
    """Let late penalties fit the points and extensions of this moment, in the gradebook.

    nbgrader's plugin sets them while it autogrades; points given by a person come later.
    """
    with (
        course.at_work(phrase("Bringing late penalties up to date")),
        store.connected(course) as connection,
    ):
        _Reader(course, connection.engine).settle()


def units_of(names: list[str]) -> dict[str, tuple[str, str]]:
    """Unit and part of each assignment; what no unit claims is its own, graded.

    A unit that this kit no longer has is known by its two assignments.
    """
    known = {
        unit.assignment(part): (unit.id, part.value)
        for unit in load_units().values()
        for part in Part
    }
    told = {}
    for name in names:
        base = name.removesuffix(_PRACTICE)
        pair = base != name and base in names
        guess = (base, Part.PRACTICE.value) if pair else (name, Part.GRADED.value)
        told[name] = known.get(name, guess)
    return told


class _Reader:
    def __init__(self, course: Course, engine: Engine) -> None:
        self.course, self.engine = course, engine
        self.people = roster(course.root)
        self.students = self._query(
            "from student order by id", id="id", first="first_name", last="last_name"
        )
        self.assigned = self._query(
            "from assignment order by name", id="id", assignment="name", due="duedate"
        )
        self.parts = units_of(list(self.assigned["assignment"]))
        self.cells = self._cells()

    def _query(self, rest: str, **columns: str) -> pd.DataFrame:
        return query(self.engine, rest, **columns)

    def settle(self) -> None:
        """Bring penalties up to date and nothing else."""
        raw = self._submitted()
        self._settle(raw, self._summed(raw, np.ones(len(raw), dtype=bool)))

    def _settle(self, raw: pd.DataFrame, sums: Sums) -> None:
        from kit.grading.late import settle

        late = self._late(raw["at"], raw["place"], raw["who"])
        old = raw["penalty"].to_numpy()
        some = np.flatnonzero((late > 0) | (old > 0))
        columns = (raw["id"].to_numpy(), raw["learner"].to_numpy(), late, sums.score, old)
        new = old.copy()
        new[some] = settle(self.course, self.engine, *(column[some] for column in columns))
        raw["penalty"] = new

    def cohort(self, settled: bool) -> Cohort:
        """All tables."""
        # the database adds grades up while Python makes tables
        with ThreadPoolExecutor(1) as pool:
            adding = pool.submit(self._added_up)
            rows = self._query("from upskill_handin", **_same(HANDIN))
            seen = self._query(f"from upskill_outcome where {_TOLD}", **_same(SEEN))
            handed = handed_tables(rows, seen, self.parts)
            broken = self._uncheckable()
            raw, counted, sums = adding.result()
        if settled:
            self._settle(raw, sums)
        submissions, real = self._submissions(raw, sums, broken, handed)
        cohorts = course_cohorts(self.course.root)
        zones = {c.timezone for c in cohorts}
        own = re.fullmatch(rf"{OWN_COURSE}(-[0-9a-f]+)?", self.course.course_id)
        return Cohort(
            course=self.course.course_id,
            title=" · ".join(c.title for c in cohorts if c.title) or self.course.course_id,
            taken_at=datetime.now(UTC),
            verifier=SELF if own else self.course.course_id,
            learners=self._learners(),
            assignments=self._assignments(),
            submissions=submissions,
            exercises=self._exercises(raw[counted & ~real], sums),
            mistakes=handed.mistakes,
            practice=handed.practice,
            items=handed.items,
            applied=handed.applied,
            declarations=handed.declarations,
            requests=table("requests", _requests(self.course)),
            extensions=table(
                "extensions", extension_rows(self.course.root, time_granted(self.engine))
            ),
            synthetic=is_synthetic(self.course.root),
            notes=handed.notes,
            # cohorts of several zones have only UTC in common
            timezone=zones.pop() if len(zones) == 1 else "UTC",
        )

    def _learners(self) -> pd.DataFrame:
        ids = list(dict.fromkeys([*self.students["id"], *self.people]))
        whole = self.students["first"] + " " + self.students["last"]
        names = dict(zip(self.students["id"], whole, strict=True))
        people = [self.people.get(name) for name in ids]
        rows = {
            "learner": ids,
            "name": [
                names.get(name, "").strip() or (one.name if one else "")
                for name, one in zip(ids, people, strict=True)
            ],
            "team": [one.team if one else "" for one in people],
            "language": [(one.language or "") if one else "" for one in people],
            "enrolled": [one is not None or not self.people for one in people],
        }
        return table("learners", rows)

    def _assignments(self) -> pd.DataFrame:
        names = list(self.assigned["assignment"])
        best = self.cells.groupby("assignment")["max_score"].sum()
        rows = {
            "assignment": names,
            "unit": [self.parts[name][0] for name in names],
            "part": [self.parts[name][1] for name in names],
            "due": _times(self.assigned["due"]),
            "released": [self.course.release_folder(name).is_dir() for name in names],
            "max_score": [float(best.get(name, 0.0)) for name in names],
        }
        return table("assignments", rows)

    def _cells(self) -> pd.DataFrame:
        """Graded cells; a check is one that no person fills in and that earns points."""
        found = self._query(
            "from base_cell c join notebook n on n.id = c.notebook_id"
            " join assignment a on a.id = n.assignment_id"
            " left join grade_cells g on g.id = c.id left join task_cells t on t.id = c.id"
            " left join base_cell s on s.notebook_id = c.notebook_id and s.name = c.name"
            " and s.type = 'SolutionCell'"
            " where g.id is not null or t.id is not null order by a.name, c.name",
            id="c.id",
            assignment="a.name",
            notebook="n.id",
            exercise="c.name",
            max_score="coalesce(g.max_score, t.max_score)",
            check="case when g.id is not null and s.id is null then 1 else 0 end",
        )
        found["max_score"] = found["max_score"].astype(float)
        found["check"] = (found["check"].astype(int) > 0) & (found["max_score"] > 0)
        return found

    def _submitted(self) -> pd.DataFrame:
        """One row for each submitted notebook."""
        work = self._query(
            "from submitted_assignment",
            id="id",
            assignment="assignment_id",
            learner="student_id",
            at="timestamp",
        )
        found = self._query(
            "from submitted_notebook",
            id="id",
            work="assignment_id",
            notebook="notebook_id",
            penalty="late_submission_penalty",
        )
        # joined here: the database would look each of them up by a random id
        spots = pd.Index(work["id"]).get_indexer(found["work"])
        whole: pd.DataFrame = found[spots >= 0].reset_index(drop=True)
        spots = spots[spots >= 0]
        whole["penalty"] = whole["penalty"].replace("", "0").astype(float)
        for name in ("assignment", "learner"):
            whole[name] = work[name].to_numpy(dtype=object)[spots]
        whole["at"] = _times(work["at"]).array.take(spots)
        whole["place"] = pd.Index(self.assigned["id"]).get_indexer(whole["assignment"])
        whole["who"] = pd.Index(self.students["id"]).get_indexer(whole["learner"])
        return whole

    def _added_up(self) -> tuple[pd.DataFrame, Any, Sums]:
        """Submitted notebooks, which of them count among the exercises, and their sums."""
        raw = self._submitted()
        counted = self._counted(raw)
        return raw, counted, self._summed(raw, counted)

    def _counted(self, raw: pd.DataFrame) -> Any:
        """Of people on the roster, but for an earlier one where the newest could not be read."""
        failed = self._query(
            f"from upskill_handin where state = '{store.FAILED}'",
            assignment="assignment",
            learner="learner",
        )
        names, students = self.assigned["assignment"], self.students["id"]
        mine = raw["place"].to_numpy() * len(students) + raw["who"].to_numpy()
        known = students.isin(list(self.people)).to_numpy() | (not self.people)
        return known[raw["who"].to_numpy()] & ~np.isin(mine, _keys(failed, names, students))

    def _summed(self, raw: pd.DataFrame, counted: Any) -> Sums:
        cells = self.cells
        return sum_grades(
            self.engine,
            raw["id"].to_numpy(),
            counted,
            cells["id"].to_numpy(),
            cells["max_score"].to_numpy(float),
            cells["check"].to_numpy(bool),
        )

    def _uncheckable(self) -> pd.DataFrame:
        """Cells that nobody could score and no person has scored since."""
        found = self._query(
            "from upskill_outcome o join assignment a on a.name = o.assignment"
            " join submitted_assignment s on s.assignment_id = a.id and s.student_id = o.learner"
            " join submitted_notebook n on n.assignment_id = s.id"
            " join base_cell c on c.notebook_id = n.notebook_id and c.name = o.exercise"
            " join grade_cells g on g.id = c.id"
            " join grade r on r.cell_id = c.id and r.notebook_id = n.id"
            f" where ({_TOLD}) and o.kind = 'uncheckable'"
            " and r.auto_score is null and (r.manual_score is null or r.needs_manual_grade)",
            learner="o.learner",
            assignment="o.assignment",
            cell="c.id",
            max_score="coalesce(g.max_score, 0.0)",
        )
        found["max_score"] = found["max_score"].astype(float)
        return found

    def _submissions(
        self, raw: pd.DataFrame, sums: Sums, broken: pd.DataFrame, handed: Handed
    ) -> tuple[pd.DataFrame, Any]:
        """The table, and for each row of ``raw`` whether anything was handed in."""
        size = len(self.students)
        # one number for learner and assignment; notebooks of one assignment are added up
        key = raw["place"].to_numpy() * size + raw["who"].to_numpy()
        codes, keys = pd.factorize(key)
        place, who = np.divmod(keys, max(size, 1))

        def total(values: Any) -> Any:
            return np.bincount(codes, np.asarray(values, dtype=float), minlength=len(keys))

        at = raw["at"][~pd.Series(codes).duplicated().to_numpy()]
        at = at.reset_index(drop=True)
        names, students = self.assigned["assignment"], self.students["id"]
        state = handed.of(names, students, place, who)
        # an extension makes a row in nbgrader before anything is handed in
        real = at.notna().to_numpy() | (total(sums.scored) > 0) | (state["state"] != "").to_numpy()
        failed = (state["state"] == store.FAILED).to_numpy()
        whole = self.cells.groupby("assignment")[["max_score", "check"]].sum().reindex(names)
        best, checks = whole.fillna(0).to_numpy(float).T
        lost = _lost(broken, names, students, place, who)
        penalty = np.where(failed, 0.0, total(raw["penalty"]))
        score = np.where(failed, 0.0, total(sums.score))
        rows = {
            "learner": pd.Categorical.from_codes(who, pd.Index(students, dtype="str")),
            "assignment": pd.Categorical.from_codes(place, pd.Index(names, dtype="str")),
            "submitted_at": at,
            "late": self._late(at, place, who),
            "penalty": penalty,
            "score": np.maximum(score - penalty, 0.0),
            "max_score": best[place] - lost["max_score"],
            "to_grade": np.where(failed, 0, total(sums.waiting)).astype("int64"),
            "passed": np.where(failed, 0, total(sums.passed)).astype("int64"),
            "checks": (checks[place] - lost["cells"]).astype("int64"),
            "version": state["version"].array,
            "failure": state["failure"].array,
        }
        found = pd.DataFrame({name: rows[name] for name in COLUMNS["submissions"]})[real]
        return table("submissions", found.reset_index(drop=True)), real[codes]

    def _late(self, at: Any, place: Any, who: Any) -> Any:
        due = pd.Series(_times(self.assigned["due"])).array.take(place)
        more = np.zeros(len(place))
        spots = {n: p for p, n in enumerate(self.assigned["assignment"])}
        people = {n: p for p, n in enumerate(self.students["id"])}
        # few have an extension, so that looking each up is cheaper than a join
        for (name, learner), seconds in time_granted(self.engine).items():
            more[(place == spots[name]) & (who == people[learner])] = seconds
        late = (at.array - due).total_seconds() if len(at) else np.zeros(0)
        return np.maximum(np.nan_to_num(np.asarray(late, dtype=float) - more, nan=0.0), 0.0)

    def _exercises(self, unreal: pd.DataFrame, sums: Sums) -> pd.DataFrame:
        cells = self.cells
        # a row that only an extension made has all its cells waiting, and nothing in them
        empty = cells["notebook"].map(unreal["notebook"].value_counts()).fillna(0.0)
        n = sums.n - empty.to_numpy(float)
        waiting = sums.cell_waiting - empty.to_numpy(float)
        # nobody has said yet what these are worth; nbgrader lets uncheckable cells wait too
        counted = (n - waiting) * cells["max_score"].to_numpy(float)
        rows = {
            "assignment": cells["assignment"],
            "exercise": cells["exercise"],
            "max_score": cells["max_score"],
            "n": n.astype("int64"),
            "passed": sums.cell_passed.astype("int64"),
            "to_grade": waiting.astype("int64"),
            "share": np.divide(sums.points, counted, out=np.zeros(len(n)), where=counted > 0),
        }
        return table("exercises", rows)


def _keys(rows: pd.DataFrame, names: Any, students: Any) -> Any:
    """One number for assignment and learner of each row; -1 where either is unknown."""
    place = pd.Index(names).get_indexer(rows["assignment"])
    who = pd.Index(students).get_indexer(rows["learner"])
    return np.where((place >= 0) & (who >= 0), place * len(students) + who, -1)


def _lost(broken: pd.DataFrame, names: Any, students: Any, place: Any, who: Any) -> Any:
    """Points and cells that count neither way, for each submission."""
    keys = pd.Index(place * len(students) + who)
    found = keys.get_indexer(_keys(broken, names, students))
    inside = found >= 0
    points = broken["max_score"].to_numpy(float)[inside]
    return {
        "max_score": np.bincount(found[inside], points, minlength=len(keys)),
        "cells": np.bincount(found[inside], minlength=len(keys)),
    }


def _times(values: Any) -> Any:
    """Times as texts of the database, UTC; none where the text is empty."""
    return pd.to_datetime(values.where(values != "", None), utc=True, format="ISO8601")


def _same(names: tuple[str, ...]) -> dict[str, str]:
    return {name: name for name in names}


def _requests(course: Course) -> dict[str, list[Any]]:
    rows = store.requests(course)
    return {name: [row[name] for row in rows] for name in COLUMNS["requests"]}
