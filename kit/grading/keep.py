"""Keep what a run found: points in nbgrader's gradebook, the rest in the kit's tables beside.

``nbgrader autograde``, Formgrader's button and ``upskill grade`` save by the same function.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy import Connection

from kit.content import load_units
from kit.grading import store
from kit.grading.extensions import waiting
from kit.grading.handed import read_handed
from kit.grading.identity import unit_of
from kit.grading.late import penalty_of
from kit.grading.left import take_back
from kit.grading.marks import Marks, marks_of
from kit.grading.preprocessors import Resources, coursedir_of
from kit.grading.saving import Rules, save


class KeepMarks(NbGraderPreprocessor):  # type: ignore[misc]
    """In place of SaveAutoGrades and AssignLatePenalties: both, and the kit's tables."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Called by nbgrader with the executed notebook."""
        names = resources["nbgrader"]
        assignment, learner = names["assignment"], names["student"]
        course = coursedir_of(self)
        handed_in, graded = (
            Path(course.root, course.format_path(place, learner, assignment))
            for place in (course.submitted_directory, course.autograded_directory)
        )
        clear(course, assignment, graded, handed_in)
        marks = marks_of(nb, resources)
        days = waiting(Path(course.root)).get(assignment, {}).get(learner, 0)
        rules = Rules(penalty_of(self.parent), days)
        stamp = course.get_existing_timestamp(str(handed_in))
        with store.connected(names["db_url"]) as connection:
            # the submission's other notebooks are saved in their own turn
            save(connection, assignment, learner, stamp, [marks], rules, whole=False)
            keep(connection, assignment, learner, handed_in, stamp, [marks])
        return nb, resources


def keep(
    connection: Connection,
    assignment: str,
    learner: str,
    handed_in: Path,
    stamp: Any,
    marks: Sequence[Marks],
) -> None:
    """Save outcomes of all checks, and what came along in the folder ``handed_in``."""
    version = next((one.version for one in marks if one.version), "")
    said = [outcome for one in marks for outcome in one.said]
    if said:
        store.save_outcomes(connection, assignment, learner, said, version=version)
    practice, declared, notes = read_handed(handed_in)
    store.save_handin(
        connection,
        assignment,
        learner,
        stamp,
        version,
        next((one.language for one in marks if one.language), ""),
        practice,
        declared,
        reason="\n".join([*(remark for one in marks for remark in one.remarks), *notes]),
    )


def clear(course: Any, assignment: str, graded: Path, handed_in: Path) -> None:
    """Take away what the learner's code wrote while it ran, with the hidden data at hand."""
    if unit_of(assignment) not in load_units():
        # somebody else's assignment may ask for files
        return
    source = Path(course.root, course.format_path(course.source_directory, ".", assignment))
    take_back(graded, source, handed_in)
