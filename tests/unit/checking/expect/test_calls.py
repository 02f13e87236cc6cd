"""A learner's function is called on fresh inputs, and a property decides."""

from __future__ import annotations

from typing import Any

import pytest

from kit.checking import Mistake, NotAttempted, Work, exercise_check, expect
from kit.model import OutcomeKind


def grows(result: Any, *given: Any) -> Mistake | None:
    return None if result >= sum(given) else Mistake("shrinks", "It shrinks.")


def test_every_input_is_tried_in_order_as_arguments_or_as_the_one_argument() -> None:
    work = Work({"add": lambda *args: sum(args)})
    assert expect.function(work, "add", on=[(1, 2), 5, ()], gives=grows) == [3, 5, 0]


def test_the_first_result_without_the_property_is_the_mistake() -> None:
    tried: list[Any] = []

    def first(*args: Any) -> int:
        tried.append(args)
        return 0

    with pytest.raises(Mistake) as raised:
        expect.function(Work({"first": first}), "first", on=[0, 1, 2], gives=grows)
    assert (raised.value.label, tried) == ("shrinks", [(0,), (1,)])


def test_an_expectation_may_be_the_property() -> None:
    def numeric(result: object, *_given: object) -> None:
        expect.number(result, "f(...)")

    with pytest.raises(Mistake) as raised:
        expect.function(Work({"f": lambda x: "x"}), "f", on=[1], gives=numeric)
    assert raised.value.label == "not_a_number"


def test_a_missing_function_is_not_attempted() -> None:
    with pytest.raises(NotAttempted):
        expect.function(Work({}), "f", on=[1], gives=grows)


def test_neither_the_inputs_nor_the_time_are_the_learners(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.checking.work.CALL_SECONDS", 0.2)
    inputs = [([1, 2],), ([3],)]

    @exercise_check("rule")
    def check(work: Work) -> None:
        expect.function(work, "f", on=inputs, gives=lambda result, given: None)

    assert run(check, {"f": lambda rows: rows.clear()}).kind is OutcomeKind.PASSED
    assert inputs == [([1, 2],), ([3],)]

    def endless(rows: list[int]) -> None:
        while True:
            rows.append(1)
            rows.pop()

    assert run(check, {"f": endless}).feedback.label == "too_slow"
