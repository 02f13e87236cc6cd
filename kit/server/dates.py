"""A trainer's due dates as a learner reads them: in local time, with the days that are left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from kit.home import LearnerHome
from kit.i18n import Translator, mark
from kit.model import Part, Unit
from kit.progress.due import read_due
from kit.server.results import UnitResult

TODAY = mark("due {date}, today")
TOMORROW = mark("due {date}, tomorrow")
AHEAD = mark("due {date}, in {n} days")
OVER = mark("was due {date}; it can still be handed in")
# a step with none of them has nothing left to hand in
_PARTS = {
    "practice": (Part.PRACTICE, Part.GRADED),
    "graded": (Part.GRADED, Part.PRACTICE),
    "hand_in": (Part.PRACTICE, Part.GRADED),
    "again": (Part.GRADED, Part.PRACTICE),
}


@dataclass(frozen=True)
class DueDate:
    """When a part that is not handed in yet is due.

    ``due`` is UTC in ISO 8601; ``days`` counts days of the calendar here, below 0 once past;
    ``over`` says that the moment is past.
    """

    part: Part
    assignment: str
    due: str
    days: int
    over: bool


def due_dates(
    home: LearnerHome, unit: Unit, result: UnitResult | None, now: datetime | None = None
) -> tuple[DueDate, ...]:
    """The dates of what is still to be handed in; empty where the trainer set none."""
    if result is not None and result.complete:
        return ()
    done = {one.name for one in (result.assignments if result else ()) if not one.failure}
    now = now or datetime.now(UTC)
    dates = []
    for part in (p for p in Part if unit.of(p) and unit.assignment(p) not in done):
        moment = read_due(home, unit.assignment(part))
        if moment is not None:
            days = (moment.astimezone().date() - now.astimezone().date()).days
            name = unit.assignment(part)
            dates.append(DueDate(part, name, moment.isoformat(), days, moment < now))
    return tuple(dates)


def step_due(kind: str, dates: Sequence[DueDate]) -> DueDate | None:
    """The date that the next step of this kind works towards."""
    by_part = {one.part: one for one in dates}
    return next((by_part[part] for part in _PARTS.get(kind, ()) if part in by_part), None)


def together(dates: Sequence[DueDate]) -> list[tuple[list[str], DueDate]]:
    """The names of assignments that are due at one moment, earliest first."""
    ordered = sorted(dates, key=lambda one: one.due)
    grouped = ((list(found)) for _, found in groupby(ordered, key=lambda one: one.due))
    return [([one.assignment for one in found], found[0]) for found in grouped]


def due_words(date: DueDate, tr: Translator) -> tuple[str, str, str]:
    """What is said of a date: the words before it, the date, the words after it."""
    sentence = {0: TODAY, 1: TOMORROW}.get(date.days, AHEAD)
    # a sign that no text holds
    told = tr(OVER if date.over else sentence, date="\0", n=date.days)
    before, _, after = told.partition("\0")
    return before, day_text(date.due, tr.language), after


def due_text(date: DueDate, tr: Translator) -> str:
    """The same as one text."""
    return "".join(due_words(date, tr))


def day_text(stamp: str, language: str, today: datetime | None = None) -> str:
    """A local day with its weekday; the time of day unless it is the day's end."""
    from babel.dates import format_datetime

    when = datetime.fromisoformat(stamp).astimezone()
    year = when.year != (today or datetime.now(UTC)).astimezone().year
    pattern = ("y년 " if year else "") + "M월 d일 EEEE"
    if language != "ko":
        pattern = "EEEE d MMMM" + (" y" if year else "")
    if (when.hour, when.minute) != (23, 59):
        pattern += ", HH:mm"
    return str(format_datetime(when, pattern, locale=language))
