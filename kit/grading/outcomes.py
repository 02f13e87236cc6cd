"""What a check cell said while nbgrader ran it: from the cell's outputs to an outcome.

``wb.check`` shows a bundle of the type below and then returns its points. Only a
bundle that names the cell's own exercise counts; the last one does, since the check
shows it after all that the learner's code may have shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kit.model import OutcomeKind
from kit.notebooks import kit_metadata

MIME = "application/vnd.upskill.outcome+json"
# the check said nothing: its cell did not run, or something stood in its place
UNKNOWN = "unknown"
# beside a bundle's outcome: where the check was run, and the kind of the other outcome where
# the learner's kernel said one of another worth
TRUST, OTHER = "trust", "other"
APART, IN_KERNEL = "apart", "kernel"
# what nbgrader's Execute calls a cell that it stopped
OUT_OF_TIME = "CellTimeoutError"


@dataclass(frozen=True)
class CellOutcome:
    """One check as graded. ``share`` of the points is 0 to 1, None for our own fault.

    ``label`` names a common mistake, empty when none was recognised. ``trust`` says where the
    check was run: APART, or IN_KERNEL of the learner's alone. ``other`` is what it said there
    when it was worth something else, else empty.
    """

    exercise: str
    kind: str
    message: str
    share: float | None
    label: str = ""
    trust: str = IN_KERNEL
    other: str = ""


def is_check(cell: Mapping[str, Any]) -> bool:
    """Whether this is a check cell of the kit that earns points."""
    graded = cell.get("metadata", {}).get("nbgrader", {}).get("grade", False)
    return bool(graded) and kit_metadata(dict(cell)).get("role") == "check"


def is_said(cell: Mapping[str, Any]) -> bool:
    """Whether this is any check cell of the kit, also one beside work that a person judges."""
    return kit_metadata(dict(cell)).get("role") == "check"


def read_outcome(cell: Mapping[str, Any]) -> CellOutcome:
    """The outcome in a check cell's outputs; ``unknown`` when there is none."""
    # beside work that a person judges, the grade's id is not the exercise's
    exercise = str(kit_metadata(dict(cell)).get("id") or cell["metadata"]["nbgrader"]["grade_id"])
    for output in reversed(list(cell.get("outputs", []))):
        bundle = output.get("data", {}).get(MIME)
        if isinstance(bundle, Mapping) and bundle.get("exercise") == exercise:
            return _with_trust(_outcome(exercise, bundle), bundle)
    errors = [o for o in cell.get("outputs", []) if o.get("output_type") == "error"]
    message = f"{errors[-1].get('ename')}: {errors[-1].get('evalue')}" if errors else ""
    return CellOutcome(exercise, UNKNOWN, message, 0.0)


def _with_trust(outcome: CellOutcome, bundle: Mapping[str, Any]) -> CellOutcome:
    if bundle.get(TRUST) != APART:
        return outcome
    return replace(outcome, trust=APART, other=str(bundle.get(OTHER, "")))


def seconds_stopped(cell: Mapping[str, Any]) -> str:
    """After how many seconds a cell was stopped at the time limit; "" when it was not."""
    errors = [o for o in cell.get("outputs", []) if o.get("ename") == OUT_OF_TIME]
    told = str(errors[-1].get("evalue")) if errors else ""
    # a learner's own error can have that name, and any text
    return told if re.fullmatch(r"[0-9]{1,6}", told) else ""


def _outcome(exercise: str, bundle: Mapping[str, Any]) -> CellOutcome:
    kind, score = str(bundle.get("kind")), bundle.get("score")
    # a learner's own bundle could name any kind, and feedback shows it
    if kind not in set(OutcomeKind):
        return CellOutcome(exercise, UNKNOWN, "", 0.0)
    # a blank or a stopped program is no mistake in thinking; reports list what to talk about
    told = str(bundle.get("label") or "") if kind == OutcomeKind.INCORRECT else ""
    # a label is one word; a learner's own bundle could say anything
    label = "".join(re.findall(r"[\w.:-]+", told))[:128]
    if kind == OutcomeKind.UNCHECKABLE:
        return CellOutcome(exercise, kind, str(bundle.get("message", "")), None)
    try:
        share = min(max(float(score or 0.0), 0.0), 1.0)
    except (TypeError, ValueError):
        return CellOutcome(exercise, UNKNOWN, "", 0.0)
    return CellOutcome(exercise, kind, str(bundle.get("message", "")), share, label)
