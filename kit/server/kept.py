"""What a learner keeps of a unit for themselves: the questions before and after, own lines."""

from __future__ import annotations

from collections.abc import Sequence

from kit.i18n import mark
from kit.model import Attempt, Unit
from kit.progress.gain import Stage, stage_of

STAGES = {
    "pre": mark("Questions before: {right} of {n} right, {sure} sure"),
    "post": mark("Questions after: {right} of {n} right, {sure} sure"),
}


def measures(attempts: Sequence[Attempt], unit: Unit) -> tuple[tuple[str, Stage], ...]:
    """What came out of the questions before and after; a sentence and its figures each."""
    found = ((word, stage_of(attempts, unit.id, stage)) for stage, word in STAGES.items())
    return tuple((word, stage) for word, stage in found if stage is not None)


def reflection(attempts: Sequence[Attempt], unit: Unit) -> tuple[str, ...]:
    """The learner's own lines."""
    # written again means thought again: the last one holds
    mine = [a for a in attempts if a.unit == unit.id and a.event == "reflection"]
    return tuple(str(text) for text in mine[-1].data.values()) if mine else ()
