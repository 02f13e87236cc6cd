"""Only the sealed answer passes, and no message says what it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.checking import NotAttempted, Work, load_checks, run_check
from kit.checking.forms import seal_answer, sealed_check
from kit.errors import UsageError
from kit.i18n import Translator
from kit.model import Asked, Exercise, ExerciseKind, Form, Outcome, OutcomeKind, Part, Reality
from tests.forms_unit import only_forms

OPTIONS = (("a", "Uno"), ("b", "Duo"), ("ab", "Tria"), ("c", "Quattuor"))


def sealed(form: Form, right: object, options: Any = OPTIONS) -> Exercise:
    kinds = Part.PRACTICE, ExerciseKind.JUDGEMENT, Reality.REAL
    blank = Exercise("it", "It", *kinds, 5, 1, form=form, asked=Asked(options=options))
    digest = seal_answer(blank, right)
    return replace(blank, asked=replace(blank.asked, digest=digest))


def outcome(exercise: Exercise, value: object) -> Outcome:
    work = Work({}, answers={"exercises": {"it": {"value": value}}})
    return run_check(sealed_check(exercise), exercise, work, Translator("en"))


@pytest.mark.parametrize(
    ("form", "right", "wrong", "label"),
    [
        (Form.CHOICE, "ab", "a", "wrong_option"),
        (Form.CHOICE, "a", "ab", "wrong_option"),
        (Form.CHOICES, ["b", "ab"], ["b"], "wrong_set"),
        (Form.CHOICES, ["b"], ["b", "ab"], "wrong_set"),
        (Form.RANKING, ["c", "b", "ab", "a"], ["c", "ab", "b", "a"], "wrong_order"),
    ],
)
def test_the_sealed_answer_passes_and_another_gets_its_label(
    form: Form, right: object, wrong: object, label: str
) -> None:
    exercise = sealed(form, right)
    assert outcome(exercise, right).kind is OutcomeKind.PASSED
    told = outcome(exercise, wrong)
    assert told.feedback is not None
    assert (told.kind, told.feedback.label) == (OutcomeKind.INCORRECT, label)


def test_a_set_has_no_order_and_options_may_be_listed_anew() -> None:
    exercise = sealed(Form.CHOICES, ["ab", "c"])
    assert outcome(exercise, ["c", "ab"]).kind is OutcomeKind.PASSED
    anew = replace(exercise, asked=replace(exercise.asked, options=OPTIONS[::-1]))
    assert outcome(anew, ["ab", "c"]).kind is OutcomeKind.PASSED


@given(right=st.permutations([key for key, _ in OPTIONS]), given=st.sampled_from(OPTIONS))
def test_a_message_is_the_same_whatever_is_right(right: list[str], given: tuple[str, str]) -> None:
    messages = {
        str(outcome(sealed(Form.CHOICE, key), given[0]).feedback)
        for key in right
        if key != given[0]
    }
    assert len(messages) == 1
    unlike = [right[1], right[0], *right[2:]]
    told = [outcome(sealed(Form.RANKING, one), right).feedback for one in (unlike, right[::-1])]
    assert told[0] == told[1]


@pytest.mark.parametrize("form", [Form.CHOICE, Form.CHOICES, Form.RANKING])
@pytest.mark.parametrize("value", ["z", "", 3, [], [[]], {}, ["a", None], True, "A", " a"])
def test_an_edited_answer_is_wrong_and_never_our_fault(form: Form, value: object) -> None:
    right = "a" if form is Form.CHOICE else [key for key, _ in OPTIONS]
    told = outcome(sealed(form, right), value)
    assert told.kind is OutcomeKind.INCORRECT
    assert told.feedback is not None
    assert told.feedback.label == "not_offered"


def test_without_an_answer_nothing_is_attempted() -> None:
    exercise = sealed(Form.CHOICE, "a")
    with pytest.raises(NotAttempted):
        sealed_check(exercise).function(Work({}))
    asked = run_check(sealed_check(exercise), exercise, Work({}), Translator("en"))
    assert asked.kind is OutcomeKind.NOT_ATTEMPTED


def test_equal_answers_of_two_exercises_have_two_digests() -> None:
    one = sealed(Form.CHOICE, "a")
    assert seal_answer(replace(one, id="other"), "a") != one.asked.digest


@pytest.mark.parametrize(
    "form", [f for f in Form if f not in (Form.CHOICE, Form.CHOICES, Form.RANKING)]
)
def test_other_forms_cannot_be_sealed(form: Form) -> None:
    with pytest.raises(UsageError):
        sealed(form, "a")


def test_a_unit_needs_no_check_for_a_sealed_form_and_its_own_comes_first(tmp_path: Path) -> None:
    own = '\n\n@exercise_check("who")\ndef mine(work: Work) -> None:\n    return None\n'
    with only_forms(tmp_path / "content") as unit:
        assert {"who", "checks", "order", "keeper"} <= set(load_checks(unit))
    with only_forms(tmp_path / "another") as unit:
        with (unit.folder / "checks.py").open("a", encoding="utf-8") as file:
            file.write(own)
        assert load_checks(unit)["who"].function.__name__ == "mine"
