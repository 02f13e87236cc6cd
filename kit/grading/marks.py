"""What one graded notebook says: made where it ran, saved where the gradebook is."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from nbgrader import utils
from pydantic import BaseModel, ConfigDict

from kit.content import load_units
from kit.grading.execute import SANDBOX, STOPPED
from kit.grading.identity import unit_of
from kit.grading.outcomes import (
    UNKNOWN,
    CellOutcome,
    is_check,
    is_said,
    read_outcome,
    seconds_stopped,
)
from kit.grading.preprocessors import TIDIED, Resources, grade_id
from kit.grading.remarks import FAILED_THERE, LATE_CELL, NOT_JUDGED, PASSED_THERE
from kit.grading.rows import allowed_level
from kit.grading.strict import NEVER, PROOFS, Difference, Proof, is_locked_test, settled
from kit.i18n import phrase
from kit.model import OutcomeKind
from kit.notebooks import kit_metadata

# nbgrader's word for an answer that is the starter still
NO_RESPONSE = "No response."
_LOG = logging.getLogger("traitlets")


class CellMark(BaseModel):
    """One cell with an id of nbgrader's.

    ``graded`` cells have a grade: its ``points``, None for a person to give. ``commented``
    ones have a comment: nbgrader's ``comment``, None for none.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    graded: bool
    points: float | None = None
    commented: bool = False
    comment: str | None = None


class Marks(BaseModel):
    """One notebook of a submission after its run.

    ``said`` is what the kit's checks said, ``doubtful`` the cells that a person must look
    at, with the score they have until then. ``texts`` holds a sha256 of what a person judges,
    by cell. ``remarks`` are for the trainer. ``differences`` are those from nbgrader's scores,
    where cells were to prove their pass. ``sandbox`` is what stood around the run, "" when there
    was none. All but these and ``cells`` is empty for notebooks that are not the kit's.
    ``broken`` is how nbgrader fails at a cell's result, "" when at none: then there are the
    ``cells`` before it and nothing else, since nbgrader keeps their points.
    """

    model_config = ConfigDict(frozen=True)

    notebook: str
    cells: tuple[CellMark, ...]
    said: tuple[CellOutcome, ...] = ()
    doubtful: dict[str, float | None] = {}
    texts: dict[str, str] = {}
    remarks: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    sandbox: str = ""
    version: str = ""
    language: str = ""
    broken: str = ""


def marks_of(nb: Any, resources: Resources) -> Marks:
    """The marks of an executed notebook; what came along in its metadata is taken out of it."""
    names = resources["nbgrader"]
    told = kit_metadata(nb)
    # without nbgrader's id a cell is the learner's own, whatever else it claims to be
    said = [read_outcome(cell) for cell in nb.cells if is_said(cell) and grade_id(cell)]
    checks = {grade_id(cell): read_outcome(cell) for cell in nb.cells if is_check(cell)}
    proofs = _settled(nb.cells, resources[PROOFS]) if PROOFS in resources else {}
    stopped = [resources[STOPPED]] if resources.get(STOPPED) else []
    cells, broken = _marks(nb.cells, proofs)
    if broken:
        return Marks(notebook=names["notebook"], cells=cells, broken=broken)
    return Marks(
        notebook=names["notebook"],
        cells=cells,
        said=tuple(said),
        doubtful={
            name: outcome.share
            for name, outcome in checks.items()
            if outcome.share is None or outcome.kind == UNKNOWN
        }
        | {name: proof.points for name, (_, proof) in proofs.items() if proof.ask},
        differences=tuple(
            Difference(names["notebook"], name, plain, proof.points, proof.why)
            for name, (plain, proof) in proofs.items()
            if proof.ask or proof.points != plain
        ),
        texts=judged_texts(nb.cells, names["assignment"]),
        remarks=(
            *stopped,
            *nb.metadata.pop(TIDIED, []),
            *_out_of_time(nb.cells),
            *_judged_otherwise(said),
        ),
        sandbox=resources.get(SANDBOX, ""),
        version=told.get("version", ""),
        language=told.get("language", ""),
    )


def _settled(cells: list[Any], proofs: dict[str, Proof]) -> dict[str, tuple[float | None, Proof]]:
    """nbgrader's score and the proof of each locked cell; one that was never run proves nothing."""
    found = {}
    for cell in filter(is_locked_test, cells):
        try:
            plain = utils.determine_grade(cell, _LOG)[0]
        except (ValueError, LookupError):
            # nbgrader would leave the whole submission without a score
            plain = None
        proof = proofs.get(grade_id(cell), Proof(0.0, str(phrase(NEVER))))
        found[grade_id(cell)] = (plain, settled(cell, proof, plain))
    return found


def _marks(
    cells: list[Any], proofs: dict[str, tuple[float | None, Proof]]
) -> tuple[tuple[CellMark, ...], str]:
    """Marks up to the first cell with a result above its points, or none that is a text; why."""
    found = []
    for cell in cells:
        try:
            if mark := _mark(cell, proofs):
                found.append(mark)
        except (ValueError, LookupError) as error:
            return tuple(found), f"{type(error).__name__}: {error}"
    return tuple(found), ""


def _mark(cell: Any, proofs: dict[str, tuple[float | None, Proof]]) -> CellMark | None:
    graded = utils.is_grade(cell)
    commented = utils.is_solution(cell) or utils.is_task(cell)
    if not graded and not commented:
        return None
    if grade_id(cell) in proofs:
        points = proofs[grade_id(cell)][1].points
    else:
        points = utils.determine_grade(cell, _LOG)[0] if graded else None
    # a task is answered in cells around it, its own text says nothing
    same = not utils.is_task(cell) and commented and _unanswered(cell)
    return CellMark(
        name=cell.metadata["nbgrader"]["grade_id"],
        graded=graded,
        points=points,
        commented=commented,
        comment=NO_RESPONSE if same else None,
    )


def _unanswered(cell: Any) -> bool:
    told = cell.metadata.nbgrader.get("checksum")
    return bool(told == utils.compute_checksum(cell))


def judged_texts(cells: list[Any], assignment: str) -> dict[str, str]:
    """What a person judges in each cell, as a sha256, by nbgrader's id.

    It is the text, and the level up to which checks let it count: work that was held
    down is looked at again when they pass.
    """
    unit = load_units().get(unit_of(assignment))
    manual = {e.id: e for e in unit.exercises if e.manual} if unit else {}
    said = [read_outcome(cell) for cell in cells if is_said(cell) and grade_id(cell)]
    kinds = {outcome.exercise: outcome.kind for outcome in said}
    found = {}
    for cell in cells:
        by_hand = utils.is_task(cell) or (utils.is_grade(cell) and utils.is_solution(cell))
        if name := grade_id(cell) if by_hand else "":
            exercise = manual.get(name)
            most = (
                allowed_level(exercise, len(unit.rubric) - 1, kinds)[0] if exercise and unit else 0
            )
            told = f"{most}\n{str(cell.source).strip()}"
            found[name] = hashlib.sha256(told.encode()).hexdigest()
    return found


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


def _judged_otherwise(said: list[CellOutcome]) -> list[str]:
    """Remarks on checks that said in the learner's kernel what is not so when judged apart."""
    found: dict[str, list[str]] = {}
    for outcome in said:
        if outcome.other:
            passed = outcome.other == OutcomeKind.PASSED
            told = NOT_JUDGED if outcome.share is None else PASSED_THERE if passed else FAILED_THERE
            found.setdefault(told, []).append(outcome.exercise)
    return [phrase(told, cells=", ".join(cells)) for told, cells in found.items()]
