"""Minutes and independence: pure functions of the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kit.model import Attempt, OutcomeKind, Unit
from kit.progress.reduce import reduce_progress

# how much of a longer time without an event was work nobody can tell
BREAK_MINUTES = 15.0
# nobody reads and answers the next exercise in less
RUN_SECONDS = 10.0
_Event = tuple[datetime, Attempt]


def minutes_by_exercise(attempts: Iterable[Attempt]) -> dict[str, float]:
    """Minutes of work for each exercise, from the attempts of one unit, in any order.

    The time between two events belongs to the exercise of the later one; of more than
    ``BREAK_MINUTES`` those count and the rest is a break.
    Checks of several exercises, each within ``RUN_SECONDS`` of the one before, are one run of
    a workbook: the time before it is shared by the exercises of which it says something new.
    Without any it belongs to the exercise last worked on, or to none after a break.

    The sum is at most the time from the first event to the last.
    """
    spent: dict[str, float] = {}
    told: dict[str, tuple[str, str]] = {}
    before: datetime | None = None
    touched = ""
    for run in _runs(sorted(_timed(attempts), key=lambda event: event[0])):
        begun = run[0][0]
        # the first event says what was worked on, and nothing of how long
        gap = (begun - (before or begun)).total_seconds() / 60
        whose = _worked_on([attempt for _, attempt in run], told)
        if not whose and gap <= BREAK_MINUTES:
            whose = [touched]
        for name in filter(None, whose):
            spent[name] = spent.get(name, 0.0) + min(gap, BREAK_MINUTES) / len(whose)
            touched = name
        before = run[-1][0]
    return {name: minutes for name, minutes in spent.items() if minutes}


def _timed(attempts: Iterable[Attempt]) -> Iterator[_Event]:
    for attempt in attempts:
        try:
            moment = datetime.fromisoformat(attempt.time)
        except ValueError:
            continue
        # without a zone it could lie anywhere among the others
        if moment.tzinfo is not None:
            yield moment, attempt


def _runs(events: Iterable[_Event]) -> Iterator[Sequence[_Event]]:
    """The events, those of one run of a workbook together and every other one alone."""
    run: list[_Event] = []
    for moment, attempt in events:
        if run and not _goes_on(run, moment, attempt):
            yield run
            run = []
        run.append((moment, attempt))
    if run:
        yield run


def _goes_on(run: Sequence[_Event], moment: datetime, attempt: Attempt) -> bool:
    last, earlier = run[-1]
    return (
        (moment - last).total_seconds() <= RUN_SECONDS
        and attempt.event == earlier.event == "check"
        and all(attempt.exercise != other.exercise for _, other in run)
    )


def _worked_on(run: Sequence[Attempt], told: dict[str, tuple[str, str]]) -> list[str]:
    """The exercise of a single event; of a run those whose checks say something new.

    ``told`` is what the checks before said, and is kept up to date.
    """
    found = []
    for attempt in run:
        # an answer that a fresh kernel does not hold has not changed
        if attempt.event == "check" and attempt.outcome != OutcomeKind.NOT_ATTEMPTED:
            now = (attempt.outcome, attempt.label)
            if told.get(attempt.exercise) != now:
                found.append(attempt.exercise)
            told[attempt.exercise] = now
    return found if len(run) > 1 else [run[0].exercise]


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
