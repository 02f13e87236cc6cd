"""Answers of a defence hold when they are recomputed; which ones fail is not told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.checking import Mistake
from kit.checking.forms import Question, defended


def ask(answer: Any, **more: Any) -> Question:
    return Question("q", "How much?", {}, answer, **more)


def holds(question: Question, told: object) -> bool:
    try:
        defended([question], {"q": told}, least=1)
    except Mistake:
        return False
    return True


@pytest.mark.parametrize(
    ("question", "told", "right"),
    [
        (ask(200.0), 201.9, True),
        (ask(200.0), 202.1, False),
        (ask(-200.0), -201.9, True),
        (ask(-200.0), 200, False),
        (ask(0.0), 0.4, False),
        (ask(0.0, grace=0.5), 0.4, True),
        (ask(10.0, within=0.0), 10.0, True),
        (ask(10.0, within=0.0), 10.001, False),
        (ask(1.0), True, False),
        (ask(1.0), "1", False),
        (ask(1.0), float("nan"), False),
        (ask(1.0), 10**400, False),
        (ask("disk-2"), " Disk-2 ", True),
        (ask("disk-2"), "disk-21", False),
        (ask("한글"), "\u1112\u1161\u11ab\u1100\u1173\u11af", True),
        (ask(datetime(2026, 3, 2, 14, 5), grace=1.0), "2026-03-02 15:00", True),
        (ask(datetime(2026, 3, 2, 14, 5), grace=1.0), "2026-03-02 15:10", False),
        (ask(pd.Timestamp("2026-03-02 14:05")), "2026-03-02 14:05", True),
        (ask(pd.Timestamp("2026-03-02 14:05")), "soon", False),
        (ask(1.0), None, False),
    ],
)
def test_an_answer_holds_within_what_its_question_allows(
    question: Question, told: object, right: bool
) -> None:
    assert holds(question, told) is right


FIVE = [Question(f"q{n}", "How much?", {}, float(n * 100)) for n in range(1, 6)]


def test_four_of_five_are_enough_and_three_are_not() -> None:
    told = {question.id: question.answer for question in FIVE}
    defended(FIVE, {**told, "q3": 7})
    with pytest.raises(Mistake) as raised:
        defended(FIVE, {**told, "q3": 7, "q4": 7})
    assert raised.value.label == "defence_differs"
    assert (raised.value.values["held"], raised.value.values["asked"]) == (3, 5)


def test_a_message_is_the_same_whichever_answers_fail() -> None:
    told = {question.id: question.answer for question in FIVE}
    messages = set()
    for wrong in (("q1", "q2"), ("q4", "q5")):
        with pytest.raises(Mistake) as raised:
            defended(FIVE, {**told, **dict.fromkeys(wrong, 7)})
        messages.add((raised.value.seen, str(raised.value.values)))
    assert len(messages) == 1


def test_an_answer_to_another_question_does_not_count() -> None:
    with pytest.raises(Mistake):
        defended(FIVE, {f"old-{question.id}": question.answer for question in FIVE})


@given(st.one_of(st.none(), st.integers(), st.text(), st.lists(st.none()), st.binary()))
def test_no_answer_breaks_the_check(told: Any) -> None:
    times = [ask(datetime(2026, 3, 2)), ask("x"), ask(1.0)]
    for question in times:
        holds(question, told)
    with pytest.raises(Mistake):
        defended(FIVE, told)
