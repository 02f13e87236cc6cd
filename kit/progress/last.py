"""What somebody did last, as the sentence that greets them when they come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kit.i18n import Translator, mark
from kit.model import Attempt, Unit

_SENTENCES = {
    ("check", "passed"): mark("You passed “{title}”."),
    ("check", "incorrect"): mark("You were working on “{title}”; the check wanted another look."),
    ("check", "error"): mark("You were working on “{title}”; a cell stopped with an error."),
    ("hint", ""): mark("You took a hint for “{title}”."),
    ("taken", ""): mark("You took the intermediate result of “{title}”."),
    ("submit", ""): mark("You handed in “{unit}”."),
    ("applied", ""): mark("You applied “{unit}” to your own data."),
}
_FALLBACK = mark("You worked on “{unit}”.")
# what a command does for all units at once is nobody's work on any
_HOUSEKEEPING = ("moved", "reset", "undo", "update")


@dataclass(frozen=True)
class LastTime:
    """What a return card says: ``text`` is a whole sentence in the learner's language."""

    time: str
    text: str


def last_time(
    attempts: Sequence[Attempt],
    units: Mapping[str, Unit],
    translator: Callable[[Unit], Translator],
) -> LastTime | None:
    """The last event of work in one of these units (by id); None before the first.

    ``translator`` gives a unit's messages in the learner's language.
    """
    for attempt in reversed(attempts):
        unit = units.get(attempt.unit)
        if unit is None or attempt.event in _HOUSEKEEPING:
            continue
        tr = translator(unit)
        titles = {e.id: e.title for e in unit.exercises}
        key = (attempt.event, attempt.outcome if attempt.event == "check" else "")
        # events that later versions add must not break an old page
        sentence = _SENTENCES.get(key, _FALLBACK)
        if "{title}" in sentence and attempt.exercise not in titles:
            sentence = _FALLBACK
        title = tr(titles.get(attempt.exercise, ""))
        return LastTime(attempt.time, tr(sentence, title=title, unit=tr(unit.title)))
    return None
