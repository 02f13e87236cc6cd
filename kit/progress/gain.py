"""What moved between the questions before and after, and how far sureness can be trusted.

Pure functions of the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kit.model import Attempt, OutcomeKind


@dataclass(frozen=True)
class Stage:
    """Answers to ``n`` questions. ``confidence`` and ``right`` are shares, 0 to 1."""

    n: int
    right: float
    confidence: float

    @property
    def calibration_gap(self) -> float:
        """Mean confidence minus share right: above 0 is over-confident."""
        return self.confidence - self.right


def stage_of(attempts: Iterable[Attempt], unit: str, stage: str) -> Stage | None:
    """The first answer to each question of a stage; None when there is none yet."""
    first: dict[str, Attempt] = {}
    for attempt in attempts:
        if attempt.event == "item" and attempt.unit == unit and attempt.data.get("stage") == stage:
            first.setdefault(attempt.exercise, attempt)
    return _stage([(row, bool(row.data.get("right"))) for row in first.values()])


def exercises_of(attempts: Iterable[Attempt], unit: str) -> Stage | None:
    """The first judged check of each exercise whose form asks how sure one is; None without any."""
    first: dict[str, Attempt] = {}
    for attempt in attempts:
        judged = attempt.outcome in (OutcomeKind.PASSED, OutcomeKind.INCORRECT)
        if attempt.event == "check" and attempt.unit == unit and judged:
            first.setdefault(attempt.exercise, attempt)
    said = [row for row in first.values() if "confidence" in row.data]
    return _stage([(row, row.outcome == OutcomeKind.PASSED) for row in said])


def _stage(rows: Sequence[tuple[Attempt, bool]]) -> Stage | None:
    if not rows:
        return None
    sure = sum(float(str(row.data.get("confidence", 0))) for row, _right in rows)
    right = sum(right for _row, right in rows)
    return Stage(n=len(rows), right=right / len(rows), confidence=sure / len(rows) / 100)
