"""Evidence: what is claimed about a learner's work, and on whose word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kit.errors import UsageError
from kit.model import OutcomeKind, Part, Unit
from kit.progress import Progress

GRADEBOOK = "gradebook"
PROGRESS = "progress"
# the learner's own word, and their own gradebook, which they can edit
SELF = "self"


class Claim(StrEnum):
    """What evidence can say; each has a share from 0 to 1."""

    PRACTISED = "practised"
    GRADED = "graded"
    APPLIED = "applied"


@dataclass(frozen=True)
class Evidence:
    """One claim with its source, who stands for it, when, and for which content.

    ``share`` runs from 0 to 1. ``assisted``: hints or an intermediate result were
    used. Only a gradebook that somebody else keeps can verify: anything else with
    ``verified`` raises UsageError, so that no mistake further up can forge one.
    """

    claim: Claim
    share: float
    source: str
    verifier: str
    date: str
    version: str
    verified: bool = False
    assisted: bool = False

    def __post_init__(self) -> None:
        if self.verified and (self.source != GRADEBOOK or self.verifier == SELF):
            raise UsageError(
                "Evidence from {source}, vouched for by {verifier}, cannot be verified.",
                where=f"claim {self.claim}",
                fix="Only a gradebook kept by a trainer verifies.",
                source=self.source,
                verifier=self.verifier,
            )


def evidence_from(
    unit: Unit,
    progress: Progress,
    assignments: Iterable[Mapping[str, Any]] = (),
    *,
    verifier: str = SELF,
) -> tuple[Evidence, ...]:
    """Evidence of one unit from the progress log and from graded assignments.

    ``assignments`` are rows as grading returns them (``part``, ``submitted_at``,
    ``score``, ``max_score``, ``cells``). ``verifier`` names who keeps their gradebook.
    Uncheckable cells count neither way.
    """
    states = progress.exercises.values()
    assisted = any(state.assisted for state in states)
    found = []
    if states:
        share = progress.practised_share(unit)
        found.append(_own_word(Claim.PRACTISED, share, unit, progress, assisted))
    if progress.applied:
        found.append(_own_word(Claim.APPLIED, 1.0, unit, progress, assisted))
    for row in assignments:
        practice = row["part"] == Part.PRACTICE
        found.append(
            Evidence(
                Claim.PRACTISED if practice else Claim.GRADED,
                passed_share(row) if practice else score_share(row),
                GRADEBOOK,
                verifier,
                str(row["submitted_at"]),
                str(row.get("version") or unit.version),
                verified=verifier != SELF,
                # hints exist in the practice only
                assisted=assisted and practice,
            )
        )
    return tuple(found)


def _own_word(
    claim: Claim, share: float, unit: Unit, progress: Progress, assisted: bool
) -> Evidence:
    return Evidence(
        claim, share, PROGRESS, SELF, progress.last_time, unit.version, assisted=assisted
    )


def passed_share(assignment: Mapping[str, Any]) -> float:
    """Share of an assignment's exercises that passed, 0 to 1."""
    cells = [c for c in assignment["cells"] if c["outcome"] != OutcomeKind.UNCHECKABLE]
    passed = sum(c["outcome"] == OutcomeKind.PASSED for c in cells)
    return passed / len(cells) if cells else 0.0


def score_share(assignment: Mapping[str, Any]) -> float:
    """Share of an assignment's points that were earned, 0 to 1."""
    best = float(assignment["max_score"])
    return min(float(assignment["score"]) / best, 1.0) if best > 0 else 0.0
