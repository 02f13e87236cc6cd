"""The sentence that greets who comes back."""

from __future__ import annotations

import pytest

from kit.i18n import Translator
from kit.model import Attempt, Unit
from kit.progress.last import last_time


def said(unit: Unit, *attempts: Attempt, language: str = "en") -> str | None:
    found = last_time(attempts, {unit.id: unit}, lambda _unit: Translator(language))
    return found.text if found else None


def event(what: str, exercise: str = "", outcome: str = "", unit: str = "tiny") -> Attempt:
    return Attempt("2026-11-02T09:00:00+00:00", what, unit, exercise, outcome)


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (event("check", "count", "passed"), "You passed “Count the disks”."),
        (event("hint", "count"), "You took a hint for “Count the disks”."),
        (event("submit"), "You handed in “A tiny unit”."),
        # an exercise that is gone, and an event of a later version
        (event("check", "gone", "passed"), "You worked on “A tiny unit”."),
        (event("dreamt"), "You worked on “A tiny unit”."),
    ],
)
def test_the_last_event_is_told_in_a_sentence(tiny: Unit, attempt: Attempt, sentence: str) -> None:
    assert said(tiny, event("check", "total", "incorrect"), attempt) == sentence


@pytest.mark.parametrize("what", ["reset", "undo", "update", "moved"])
def test_what_a_command_does_is_nobodys_work(tiny: Unit, what: str) -> None:
    assert said(tiny, event("check", "count", "passed"), event(what)) == (
        "You passed “Count the disks”."
    )
    assert said(tiny, event(what)) is None


def test_events_of_units_that_are_not_asked_for_say_nothing(tiny: Unit) -> None:
    assert said(tiny, event("check", "count", "passed", unit="other")) is None
    assert said(tiny) is None


def test_it_is_told_in_the_learners_language(tiny: Unit) -> None:
    told = said(tiny, event("check", "count", "passed"), language="ko")
    assert told is not None and "통과" in told
