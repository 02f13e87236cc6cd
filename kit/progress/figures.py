"""Minutes and independence: pure functions of the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kit.model import Attempt, Unit
from kit.progress.reduce import reduce_progress

# longer without an event is a break, not work
BREAK_MINUTES = 15.0


def minutes_by_exercise(attempts: Iterable[Attempt]) -> dict[str, float]:
    """Minutes of work for each exercise, from the attempts of one unit.

    The time between two events that lie at most 15 minutes apart belongs to the exercise
    of the later one; more is a break, and a clock that was set back gives nothing.
    """
    spent: dict[str, float] = {}
    before: datetime | None = None
    for attempt in attempts:
        moment = _moment(attempt.time)
        if moment is None:
            continue
        if before is not None and attempt.exercise and _same_kind(before, moment):
            gap = (moment - before).total_seconds() / 60
            if 0 <= gap <= BREAK_MINUTES:
                spent[attempt.exercise] = spent.get(attempt.exercise, 0.0) + gap
        before = moment
    return spent


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _same_kind(first: datetime, second: datetime) -> bool:
    return (first.tzinfo is None) == (second.tzinfo is None)


@dataclass(frozen=True)
class Independence:
    """How much of one unit somebody solved alone, since the last reset of each exercise.

    ``solved`` exercises passed, ``unaided`` of them before any help. ``hints`` were opened
    altogether, ``deepest_hint`` in the exercise that took most; ``taken`` counts
    intermediate results taken before an unaided pass, ``coach_turns`` questions to the coach.
    """

    solved: int
    unaided: int
    hints: int
    deepest_hint: int
    taken: int
    coach_turns: int

    @property
    def unaided_share(self) -> float | None:
        """Share of what is solved that was solved unaided, 0 to 1; None before the first."""
        return self.unaided / self.solved if self.solved else None


def independence(attempts: Iterable[Attempt], unit: Unit) -> Independence:
    """The figures of one unit; exercises that it no longer has do not count."""
    progress = reduce_progress(attempts, unit.id)
    states = [progress.state(exercise.id) for exercise in unit.exercises]
    return Independence(
        solved=sum(state.passed for state in states),
        unaided=sum(state.passed and state.unaided for state in states),
        hints=sum(state.hints for state in states),
        deepest_hint=max((state.hints for state in states), default=0),
        taken=sum(state.taken and state.assisted for state in states),
        coach_turns=sum(state.coach for state in states),
    )
