"""The nouns: immutable, and the same words everywhere."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from kit.model import Feedback, Outcome, OutcomeKind, Part, RubricLevel, Unit


def test_outcomes_are_the_five_of_the_house() -> None:
    assert {kind.value for kind in OutcomeKind} == {
        "passed",
        "incorrect",
        "not_attempted",
        "error",
        "uncheckable",
    }


def test_parts_name_two_assignments(tiny: Unit) -> None:
    assert [tiny.assignment(part) for part in Part] == ["tiny-practice", "tiny"]
    assert [e.id for e in tiny.of(Part.PRACTICE)] == ["count", "total"]
    assert [e.id for e in tiny.of(Part.GRADED)] == ["case", "memo"]


def test_a_unit_cannot_be_changed_by_accident(tiny: Unit) -> None:
    exercise: Any = tiny.exercises[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        exercise.points = 3


@pytest.mark.parametrize(
    ("share", "most", "points"),
    [(0.34, 4, 1.25), (0.67, 4, 2.75), (0.34, 6, 2), (0.67, 6, 4), (1.0, 4, 4), (0.0, 6, 0)],
)
def test_a_level_earns_whole_points_or_quarters(share: float, most: int, points: float) -> None:
    assert RubricLevel("level", share, "").points(most) == points


def test_an_outcome_as_data_holds_what_graders_read() -> None:
    outcome = Outcome("rule", OutcomeKind.INCORRECT, 0.0, Feedback("mean", "You took the mean."))
    assert outcome.as_data() == {
        "exercise": "rule",
        "kind": "incorrect",
        "label": "mean",
        "message": "You took the mean.",
        "score": 0.0,
    }


def test_attempts_stand_in_the_outcome_of_a_form_only() -> None:
    outcome = Outcome("who", OutcomeKind.PASSED, 1.0)
    assert "attempts" not in outcome.as_data()
    assert dataclasses.replace(outcome, attempts=2).as_data()["attempts"] == 2


def test_a_broken_check_has_no_score_rather_than_zero() -> None:
    assert Outcome("rule", OutcomeKind.UNCHECKABLE, None).as_data()["score"] is None
