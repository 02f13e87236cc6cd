"""A defence: questions that are computed from what the learner made."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from numbers import Real
from typing import Any

from kit.checking.mistakes import Mistake
from kit.i18n import mark


@dataclass(frozen=True)
class Question:
    """One question: a template and its values, as for a message, and what is right.

    ``answer`` is a number, a text or a time. ``within`` is a share of a number, ``grace`` is
    added to it; of a time, ``grace`` is hours. ``id`` should change with what is asked, so
    that an answer to an earlier question is not taken for one to this.
    """

    id: str
    template: str
    values: Mapping[str, object]
    answer: object
    within: float = 0.01
    grace: float = 0.0

    @property
    def numeric(self) -> bool:
        """Whether a number is asked for."""
        return isinstance(self.answer, Real)


def defended(questions: Sequence[Question], given: Mapping[str, object], least: int = 4) -> None:
    """Mistake ``defence_differs`` unless at least ``least`` answers hold.

    ``given`` maps a question's id to the answer. What is missing, or of another kind than
    asked for, does not hold. Which ones fail is never told: one of four is found by trying.
    """
    told = given if isinstance(given, Mapping) else {}
    held = sum(_holds(question, told.get(question.id)) for question in questions)
    if held < least:
        raise Mistake(
            "defence_differs",
            mark("{held} of {asked} answers hold when they are recomputed from your own work."),
            required=mark("At least {least} that your own functions, inputs and data give."),
            step=mark("Read each question again: they ask anew whenever your work changes."),
            held=held,
            asked=len(questions),
            least=least,
        )


def _holds(question: Question, given: object) -> bool:
    answer: Any = question.answer
    if given is None:
        return False
    if isinstance(answer, datetime):
        return _near(answer, given, question.grace)
    if isinstance(answer, str):
        return _plain(given) == _plain(answer)
    if isinstance(given, bool) or not isinstance(given, Real):
        return False
    try:
        apart = abs(float(given) - float(answer))
    except (OverflowError, ValueError, TypeError):
        return False
    return math.isfinite(apart) and apart <= question.within * abs(answer) + question.grace


def _plain(text: object) -> str:
    return " ".join(unicodedata.normalize("NFKC", str(text)).casefold().split())


def _near(answer: datetime, given: object, hours: float) -> bool:
    import pandas as pd

    time = pd.to_datetime(str(given), errors="coerce", utc=True)
    # no time at all is a wrong answer, never a check that breaks
    if pd.isna(time):
        return False
    right = pd.to_datetime(str(answer), utc=True)
    return bool(abs(time - right) <= pd.Timedelta(hours=hours))
