"""The last step of an autograde, whoever started it: keep what the checks said.

``nbgrader autograde``, Formgrader's button and ``upskill grade`` leave the same rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import parse_utc

from kit.content import load_units
from kit.grading import store
from kit.grading.execute import STOPPED
from kit.grading.handed import digest, read_handed
from kit.grading.identity import unit_of
from kit.grading.left import take_back
from kit.grading.outcomes import is_said, read_outcome, seconds_stopped
from kit.grading.preprocessors import TIDIED, Resources, coursedir_of, grade_id
from kit.grading.remarks import LATE_CELL
from kit.i18n import phrase
from kit.notebooks import kit_metadata


class KeepOutcomes(NbGraderPreprocessor):  # type: ignore[misc]
    """Save outcomes of all check cells, and what came along with the submission."""

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Called by nbgrader when a notebook's grades and penalty are saved."""
        names = resources["nbgrader"]
        url, assignment, learner = names["db_url"], names["assignment"], names["student"]
        course = coursedir_of(self)
        folder = Path(
            course.root, course.format_path(course.submitted_directory, learner, assignment)
        )
        _clear(course, assignment, learner, folder)
        told = nb.metadata.get("kit", {})
        version = str(told.get("version", ""))
        # without nbgrader's id a cell is the learner's own, whatever else it claims to be
        said = [read_outcome(cell) for cell in nb.cells if is_said(cell) and grade_id(cell)]
        if said:
            store.save_outcomes(url, assignment, learner, said, version=version)
        practice, declared, notes = read_handed(folder)
        notes[:0] = [*nb.metadata.pop(TIDIED, []), *_out_of_time(nb.cells)]
        if resources.get(STOPPED):
            notes.insert(0, resources[STOPPED])
        stamp = course.get_existing_timestamp(str(folder))
        store.save_handin(
            url,
            assignment,
            learner,
            parse_utc(stamp) if stamp else None,
            version,
            str(told.get("language", "")),
            practice,
            declared,
            reason="\n".join(notes),
            content=digest(folder),
        )
        return nb, resources


def _clear(course: Any, assignment: str, learner: str, handed: Path) -> None:
    """Take away what the learner's code wrote while it ran, with the hidden data at hand."""
    unit = load_units().get(unit_of(assignment))
    if unit is None:
        # somebody else's assignment may ask for files
        return
    graded, source = (
        Path(course.root, course.format_path(place, who, assignment))
        for place, who in ((course.autograded_directory, learner), (course.source_directory, "."))
    )
    take_back(graded, source, handed)


def _out_of_time(cells: list[Any]) -> list[str]:
    """A remark on each exercise of which a cell ran into the time limit."""
    found: dict[str, str] = {}
    here = ""
    for cell in cells:
        # a cell without a name belongs to the exercise above it
        here = str(kit_metadata(cell).get("id", here))
        if seconds := seconds_stopped(cell):
            found[here] = seconds
    return [phrase(LATE_CELL, exercise=name or "-", seconds=told) for name, told in found.items()]
