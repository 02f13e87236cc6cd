"""Exercise ``graded-defence``: five questions about the learner's own memo, ranges and sizes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit.checking import Mistake, NotAttempted, Work, exercise_check, expect
from kit.i18n import mark

from .questions import ASKED, Question, artefact_of, questions
from .tornado import check_ranges
from .work import passes

WITHIN = 0.01
LEAST = 4
KEYS = tuple(f"q{number}" for number in range(1, ASKED + 1))


def asked_of(work: Work) -> dict[str, Question]:
    """The questions by their ids; NotAttempted while there is nothing to ask about."""
    told = artefact_of(work)
    if not str(told.memo).strip() or not passes(
        lambda w: check_ranges(w.value("ranges"), told.model.m), work
    ):
        raise NotAttempted("ranges")
    return dict(zip(KEYS, questions(told), strict=True))


@exercise_check("graded-defence")
def defence(work: Work) -> None:
    """Each answer by recomputation; it binds the judgement of ranges and memo, for no points.

    Which answers fail is not told: a name that is one of four would be found by trying.
    """
    given = expect.mapping(work.value("defence"), "defence", KEYS)
    work.value("answered")
    held = sum(_holds(question, given[key]) for key, question in asked_of(work).items())
    if held < LEAST:
        raise Mistake(
            "defence_differs",
            mark("{held} of 5 answers hold when recomputed from what you handed in."),
            required=mark(
                "At least {least} that your own functions, inputs, ranges and series give, "
                "within 1 %."
            ),
            step=mark(
                "Read each question again: they ask anew whenever your memo or a range changes."
            ),
            least=LEAST,
            held=held,
        )


def _holds(question: Question, given: Any) -> bool:
    answer = question.answer
    if isinstance(answer, pd.Timestamp):
        time = pd.to_datetime(str(given), errors="coerce", utc=True)
        # no time at all is a wrong answer, never a check that breaks: that would hold nobody down
        return not pd.isna(time) and abs(time.tz_localize(None) - answer) <= pd.Timedelta("1h")
    if isinstance(answer, str):
        return str(given).strip() == answer
    try:
        number = expect.number(given, "defence")
    except Mistake:
        # text where a sum is asked for is a wrong answer, one of five
        return False
    # a share of samples may be told in whole ones; won are asked for within 1 %
    grace = 0.5 if question.kind == "smaller" else 1.0
    return abs(number - answer) <= WITHIN * abs(answer) + grace
