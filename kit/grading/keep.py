"""Keep what a run found: points in nbgrader's gradebook, the rest in the kit's tables beside.

``nbgrader autograde``, Formgrader's button and ``upskill grade`` save by the same function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy import Connection

from kit.content import load_units
from kit.grading import store
from kit.grading.differences import save_differences
from kit.grading.extensions import waiting
from kit.grading.handed import digest, read_handed
from kit.grading.identity import unit_of
from kit.grading.late import penalty_of
from kit.grading.ledger import key_of
from kit.grading.left import take_back
from kit.grading.marks import Marks, marks_of
from kit.grading.preprocessors import Resources
from kit.grading.saving import Rules, save
from kit.grading.stamps import stamp_of
from kit.runner.levels import weakest


@dataclass
class _Submission:
    """One that nbgrader is at, a notebook after the other: its key, and marks so far."""

    key: str = ""
    marks: list[Marks] = field(default_factory=list)


# by nbgrader's converter, which takes one submission after the other
_under_way: WeakKeyDictionary[Any, _Submission] = WeakKeyDictionary()


class NoteKey(NbGraderPreprocessor):  # type: ignore[misc]
    """The first of all steps: what is handed in later has another key, and is graded anew."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Called by nbgrader with the submitted notebook."""
        names, converter = resources["nbgrader"], self.parent.parent
        if names["notebook"] == Path(converter.notebooks[0]).stem:
            course = converter.coursedir
            source = _folder(course, course.source_directory, names["assignment"])
            handed_in = _folder(
                course, course.submitted_directory, names["assignment"], names["student"]
            )
            strict = bool(self.config.ExecuteAs.get("strict"))
            _under_way[converter] = _Submission(key_of(digest(source), handed_in, strict))
        return nb, resources


class KeepMarks(NbGraderPreprocessor):  # type: ignore[misc]
    """In place of SaveAutoGrades and AssignLatePenalties: both, and the kit's tables."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Called by nbgrader with the executed notebook."""
        names, converter = resources["nbgrader"], self.parent.parent
        assignment, learner = names["assignment"], names["student"]
        course = converter.coursedir
        handed_in = _folder(course, course.submitted_directory, assignment, learner)
        graded = _folder(course, course.autograded_directory, assignment, learner)
        clear(course, assignment, graded, handed_in)
        marks = marks_of(nb, resources)
        submission = _under_way.get(converter, _Submission())
        submission.marks.append(marks)
        last = course.notebook_id == "*" and marks.notebook == Path(converter.notebooks[-1]).stem
        days = waiting(Path(course.root)).get(assignment, {}).get(learner, 0)
        rules = Rules(penalty_of(self.parent), days)
        stamp = stamp_of(course, handed_in)
        with store.connected(names["db_url"]) as connection:
            # the submission's other notebooks are saved in their own turn
            save(connection, assignment, learner, stamp, [marks], rules, whole=False)
            if not marks.broken:
                run = store.Run(submission.key if last else "")
                keep(connection, assignment, learner, handed_in, stamp, submission.marks, run)
        if marks.broken:
            # with what came before it saved, as nbgrader ends there
            raise ValueError(marks.broken)
        return nb, resources


def _folder(course: Any, step: str, assignment: str, learner: str = ".") -> Path:
    return Path(course.root, course.format_path(step, learner, assignment))


def keep(
    connection: Connection,
    assignment: str,
    learner: str,
    handed_in: Path,
    stamp: Any,
    marks: Sequence[Marks],
    run: store.Run,
) -> None:
    """Save what all checks said, what came along in ``handed_in``, and the run behind it.

    ``run`` comes without a level, which stands in ``marks``: those of all notebooks so far.
    """
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
    found = (difference for one in marks for difference in one.differences)
    save_differences(connection, assignment, learner, found)
    run = replace(run, sandbox=weakest(one.sandbox for one in marks))
    store.save_run(connection, assignment, learner, run)


def clear(course: Any, assignment: str, graded: Path, handed_in: Path) -> None:
    """Take away what the learner's code wrote while it ran, with the hidden data at hand."""
    if unit_of(assignment) not in load_units():
        # somebody else's assignment may ask for files
        return
    source = _folder(course, course.source_directory, assignment)
    take_back(graded, source, handed_in)
