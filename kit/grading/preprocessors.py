"""Steps that the kit adds to nbgrader's own; each does one thing it leaves open.

TidyCells     before its sanitising: edited, doubled or deleted locked cells
ScoreOutcome  before it is saved: one plain number from what the check said

``ExecuteAs`` in execute.py runs the notebook, ``KeepMarks`` in keep.py saves what came of it.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor

from kit.grading.links import take_remark
from kit.grading.outcomes import is_check, is_said, read_outcome
from kit.grading.remarks import CHANGED, GONE, TWICE, UNANSWERED
from kit.i18n import phrase
from kit.notebooks import counting, is_archived, kit_metadata

Resources = dict[str, Any]
Cells = list[Any]
# in a notebook's metadata, until its outcomes are kept: remarks for the trainer
TIDIED = "upskill_tidied"
# cells that a remark names
NAMED = 5


def coursedir_of(preprocessor: Any) -> Any:
    """The course directory that a preprocessor works for."""
    # preprocessor -> exporter -> converter, which owns the course directory
    return preprocessor.parent.parent.coursedir


def source_of(course: Any, names: Mapping[str, str]) -> Path:
    """The trainer's version of a notebook, in the course directory ``course`` of nbgrader's."""
    folder = course.format_path(course.source_directory, ".", names["assignment"])
    return Path(folder) / f"{names['notebook']}.ipynb"


class TidyCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Bring the submission's nbgrader cells back to what the source says they are.

    nbgrader stops a whole batch at one doubled or edited id. Here each known cell
    gets the source's metadata, unknown and doubled ones lose theirs (the last copy
    counts, as in nbgrader), and deleted locked or manual cells come back in place.
    A deleted answer stays deleted: its work may stand in a cell of the learner's own.
    """

    def preprocess(self, nb: Any, resources: Resources) -> tuple[Any, Resources]:
        """Called by nbgrader with the submitted notebook."""
        names = resources["nbgrader"]
        course = coursedir_of(self)
        path = source_of(course, names)
        handed_in = course.format_path(
            course.submitted_directory, names["student"], names["assignment"]
        )
        nb.metadata[TIDIED] = take_remark(Path(course.root, handed_in))
        if path.is_file():
            source = nbformat.read(path, as_version=4).cells
            # nbgrader starts anew after sanitising: only the notebook itself travels
            nb.metadata[TIDIED] += tidied(nb.cells, source)
            nb.cells = tidy(nb.cells, source)
        return nb, resources


def tidied(submitted: Cells, source: Cells) -> list[str]:
    """What a trainer should know of what ``tidy`` will do."""
    copies = Counter(grade_id(cell) for cell in submitted)
    counts = counting(submitted, grade_id)
    known = [cell for cell in source if grade_id(cell)]
    there = [cell for cell in known if grade_id(cell) in counts]
    missing = [cell for cell in known if grade_id(cell) not in counts]
    found = {
        TWICE: [cell for cell in there if copies[grade_id(cell)] > 1],
        GONE: [cell for cell in missing if _comes_back(cell)],
        UNANSWERED: [cell for cell in missing if not _comes_back(cell)],
        CHANGED: [
            cell
            for cell in there
            if is_said(cell) and _words(submitted[counts[grade_id(cell)]]) != _words(cell)
        ],
    }
    return [
        str(phrase(said, cells=", ".join(_name(cell) for cell in cells[:NAMED])))
        for said, cells in found.items()
        if cells
    ]


def _words(cell: Any) -> list[str]:
    return str(cell.source).split()


def _name(cell: Any) -> str:
    """The exercise that a cell belongs to, or nbgrader's id where no unit has it."""
    return str(kit_metadata(cell).get("id") or grade_id(cell))


def _comes_back(cell: Any) -> bool:
    data = cell.metadata["nbgrader"]
    return bool(data["locked"] or data["grade"])


def tidy(submitted: Cells, source: Cells) -> Cells:
    """The submitted cells with the source's metadata and what was deleted of it."""
    known = {grade_id(cell): cell for cell in source if grade_id(cell)}
    counts = counting(submitted, grade_id)
    for place, cell in enumerate(submitted):
        name = grade_id(cell)
        if name in known and counts[name] == place:
            cell.metadata["nbgrader"] = copy.deepcopy(known[name].metadata["nbgrader"])
            cell.metadata["kit"] = copy.deepcopy(known[name].metadata.get("kit", {}))
        else:
            cell.metadata.pop("nbgrader", None)
    result = list(submitted)
    place = 0
    for cell in source:
        name = grade_id(cell)
        if not name:
            continue
        # what is missing goes behind its neighbour in the source, wherever that is now
        if name in counts:
            place = next(i for i, c in enumerate(result) if grade_id(c) == name) + 1
        elif _comes_back(cell):
            result.insert(place, copy.deepcopy(cell))
            place += 1
    return result


def take_roles(cells: Cells, source: Path) -> None:
    """Give nbgrader's cells the roles of the trainer's version ``source``, and no other ones.

    By its role a cell is a check of the kit's, or archived: in somebody else's notebook a
    learner could say so of a locked test.
    """
    claimed = [c for c in cells if "kit" in c.metadata and "nbgrader" in c.metadata]
    if not claimed:
        return
    known = nbformat.read(source, as_version=4).cells if source.is_file() else []
    roles = {grade_id(cell): cell.metadata.get("kit") for cell in known if grade_id(cell)}
    for cell in claimed:
        # first: an archived cell has no id
        del cell.metadata["kit"]
        if role := roles.get(grade_id(cell)):
            cell.metadata["kit"] = copy.deepcopy(role)


def grade_id(cell: Any) -> str:
    """nbgrader's id of a cell, empty for one that it does not know or that is archived."""
    # what an update has put by comes last, where a copy would count as the answer
    if is_archived(cell):
        return ""
    data = cell.metadata.get("nbgrader", {})
    return str(data.get("grade_id", "")) if isinstance(data, Mapping) else ""


class ScoreOutcome(NbGraderPreprocessor):  # type: ignore[misc]
    """Leave nbgrader one plain number per check cell.

    Left alone it gives 0 for a warning on stderr and full points for no output.
    """

    def preprocess_cell(
        self, cell: Any, resources: Resources, _index: int
    ) -> tuple[Any, Resources]:
        """Called by nbgrader for each cell after execution."""
        if not is_check(cell):
            return cell, resources
        # without a bundle the share is 0: a pass needs proof
        share = read_outcome(cell).share or 0.0
        points = share * float(cell.metadata["nbgrader"]["points"])
        shown = [o for o in cell.outputs if o.output_type == "display_data"]
        errors = [o for o in cell.outputs if o.output_type == "error"]
        result = nbformat.v4.new_output(
            "execute_result", {"text/plain": repr(points)}, execution_count=cell.execution_count
        )
        cell.outputs = [*shown, *errors, result]
        return cell, resources
