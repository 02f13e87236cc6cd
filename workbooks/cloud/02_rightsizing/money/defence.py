"""Exercise ``graded-defence``: five questions about the learner's own memo, ranges and sizes."""

from __future__ import annotations

from kit.checking import NotAttempted, Work, exercise_check, expect, forms

from .questions import ASKED, Question, artefact_of, questions
from .tornado import check_ranges
from .work import passes

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
    """Each answer by recomputation; it binds the judgement of ranges and memo, for no points."""
    given = expect.mapping(work.value("defence"), "defence", KEYS)
    work.value("answered")
    forms.defended([_form(key, question) for key, question in asked_of(work).items()], given)


def _form(key: str, question: Question) -> forms.Question:
    """As the library judges it: won within 1 % or a won, a time within the hour."""
    # a share of samples may be told in whole ones
    grace = 0.5 if question.kind == "smaller" else 1.0
    return forms.Question(key, question.template, question.values, question.answer, grace=grace)
