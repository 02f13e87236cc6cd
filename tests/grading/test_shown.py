"""Feedback shows words of the author and of the learner's own notebook, never hidden data."""

from __future__ import annotations

import re

import pytest

from kit.content import find_unit
from kit.grading.shown import WORDS, Shown, between
from kit.i18n import Translator
from kit.model import Unit

CELLS = [
    "# Which kinds of load are these?",
    'def classify(cpu):\n    LEAKCLASS = list(cpu)\n    return "idle-with-bursts"',
]
KIND = (
    "A fresh series was called {answer}. Over two weeks its median is {median:.1f} %, "
    "P95 {p95:.1f} %, P99.5 {top:.1f} %; over its last three days the median is "
    "{recent:.1f} %."
)
STOPPED = "`{name}` stopped with an error:"


@pytest.fixture(scope="module")
def unit() -> Unit:
    return find_unit("rightsizing")


@pytest.fixture(params=["en", "ko"])
def say(unit: Unit, request: pytest.FixtureRequest) -> Translator:
    return Translator(request.param, unit.folder / "locale")


@pytest.fixture
def shown(unit: Unit, say: Translator) -> Shown:
    return Shown(unit, say, CELLS)


def test_the_authors_words_and_single_numbers_stay_in_both_languages(shown, say):
    figures = {"median": 12.25, "p95": 40, "top": 99.5, "recent": 3}
    told = say(KIND, answer="idle-with-bursts", **figures)
    assert shown.message(told) == told
    jumps = say("On a fresh export your result jumps back in time {count} times.", count=3)
    assert shown.message(jumps) == jumps


def test_a_returned_value_keeps_only_words_of_the_notebook(shown, say):
    figures = {"median": 1, "p95": 2, "top": 3, "recent": 4}
    told = say(KIND, answer="LEAKCLASS [71.5, 3.25] kvqz", **figures)
    assert shown.message(told) == say(KIND, answer="LEAKCLASS …", **figures)


def test_a_number_too_long_for_one_figure_is_a_text_in_disguise(shown, say):
    template = "On a fresh export your result has {count} times twice."
    assert shown.message(say(template, count=12)) == say(template, count=12)
    assert shown.message(say(template, count=10**40 + 1)) == say(template, count="…")


def test_an_error_keeps_type_and_line_and_no_letters_made_of_data(shown, say):
    trace = "line 2: LEAKCLASS = list(cpu)\nRuntimeError: kfkfkaaab zz classify 77"
    told = shown.message(f"{say(STOPPED, name='classify')}\n{trace}")
    head = say(STOPPED, name="classify")
    line = say("{error} (line {number} of the cell)", error="RuntimeError: … classify …", number=2)
    assert told == f"{head} {line}"
    # a type made at run time, and a line that no cell has, are data too
    told = shown.error("line 77: x\nKfkfkaaab: zz")
    assert told == "…: …"


def test_words_of_one_message_have_a_limit_and_gaps_no_count(shown):
    told = shown.error("ValueError: " + "classify cpu " * 50)
    assert len(re.findall("classify|cpu", told)) == WORDS - 1
    assert shown.error("ValueError: aa bb cc") == shown.error("ValueError: aa") == "ValueError: …"


def test_signs_between_words_carry_nothing(shown):
    assert shown.error("ValueError: cpu!?!;;cpu\t \u200b cpu") == "ValueError: cpu cpu cpu"


def test_a_message_that_no_template_makes_is_the_learners(shown):
    told = shown.message("Dear classify, kvqz 12 cpu.")
    assert told == "… classify … cpu"


def test_values_stand_between_the_fixed_parts_of_a_template():
    assert between(("You count ", " disks."), "You count 7 disks.") == ["7"]
    assert between(("", " and ", ""), "a and b and c") == ["a", "b and c"]
    assert between(("ab", "bc"), "abc") is None
    assert between(("fixed",), "fixed") == []
    assert between(("fixed",), "fixed too") is None
