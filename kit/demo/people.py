"""Who takes part in a demonstration: generated learners at every stage of a unit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """How far a generated learner goes."""

    UNTOUCHED = "untouched"
    STARTED = "started"
    STUCK = "stuck"
    PRACTISED = "practised"
    WAITING = "waiting"
    COMPLETE = "complete"
    LATE = "late"
    APPLIED = "applied"
    AGAIN = "again"
    BROKEN = "broken"


# twelve show every stage, those that a trainer meets most more than once
ORDER = (
    Stage.COMPLETE,
    Stage.STUCK,
    Stage.UNTOUCHED,
    Stage.APPLIED,
    Stage.STARTED,
    Stage.LATE,
    Stage.COMPLETE,
    Stage.PRACTISED,
    Stage.AGAIN,
    Stage.WAITING,
    Stage.BROKEN,
    Stage.STUCK,
)
TEAMS = ("Infrastructure", "Operations")
HANDED_IN = frozenset(Stage) - {Stage.UNTOUCHED, Stage.STARTED}
GRADED = frozenset({Stage.WAITING, Stage.COMPLETE, Stage.LATE, Stage.APPLIED, Stage.AGAIN})


@dataclass(frozen=True)
class Person:
    """A generated learner. The name says that nobody real is meant."""

    id: str
    name: str
    team: str
    language: str
    stage: Stage

    @property
    def hands_in_practice(self) -> bool:
        """Whether the workbook is handed in."""
        return self.stage in HANDED_IN

    @property
    def hands_in_graded(self) -> bool:
        """Whether the graded assignment is handed in."""
        return self.stage in GRADED


def cast(count: int) -> tuple[Person, ...]:
    """``count`` learners; the same ones each time, every other one in Korean."""
    people = []
    for number in range(count):
        language = ("ko", "en")[number % 2]
        word = {"ko": "학습자", "en": "Learner"}[language]
        people.append(
            Person(
                id=f"learner-{number + 1:02d}",
                name=f"{word} {number + 1:02d}",
                team=TEAMS[number // 2 % len(TEAMS)],
                language=language,
                stage=ORDER[number % len(ORDER)],
            )
        )
    return tuple(people)
