"""What moved between the questions before and those after: pure functions of the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kit.model import Attempt


@dataclass(frozen=True)
class Stage:
    """Answers of one stage. ``confidence`` and ``right`` are shares, 0 to 1."""

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
    if not first:
        return None
    rows = list(first.values())
    return Stage(
        n=len(rows),
        right=sum(bool(row.data.get("right")) for row in rows) / len(rows),
        confidence=sum(float(str(row.data.get("confidence", 0))) for row in rows) / len(rows) / 100,
    )
