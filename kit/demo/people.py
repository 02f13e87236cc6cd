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
TEAMS = {"en": ("Infrastructure", "Operations"), "ko": ("인프라팀", "운영팀")}
WORDS = {"en": "Learner", "ko": "학습자"}
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


def cast(count: int, language: str = "en") -> tuple[Person, ...]:
    """``count`` learners for a demonstration in ``language``; the same ones each time.

    In a Korean one all are Korean, so that the trainer reads all that they write; in an
    English one every other, which shows a cohort of both.
    """
    teams, people = TEAMS[language], []
    for number in range(count):
        own = "ko" if language == "ko" or number % 2 == 0 else "en"
        people.append(
            Person(
                id=f"learner-{number + 1:02d}",
                name=f"{WORDS[own]} {number + 1:02d}",
                team=teams[number // 2 % len(teams)],
                language=own,
                stage=ORDER[number % len(ORDER)],
            )
        )
    return tuple(people)
