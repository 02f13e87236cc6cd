"""How far somebody's sureness can be trusted, from the log alone."""

from __future__ import annotations

from typing import Any

import pytest

from kit.model import Attempt
from kit.progress.gain import Stage, exercises_of, stage_of


def check(name: str, outcome: str, unit: str = "u", **data: Any) -> Attempt:
    return Attempt("2026-11-02T09:00:00+00:00", "check", unit, name, outcome, data=data)


def item(name: str, right: bool, confidence: int, stage: str = "pre") -> Attempt:
    data: dict[str, object] = {"stage": stage, "right": right, "confidence": confidence}
    return Attempt("2026-11-02T09:00:00+00:00", "item", "u", name, data=data)


def test_a_stage_is_its_first_answers() -> None:
    log = [
        item("a", True, 90),
        item("a", False, 0),
        item("b", False, 70),
        item("c", True, 0, "post"),
    ]
    found = stage_of(log, "u", "pre")
    assert found == Stage(2, 0.5, 0.8)
    assert found.calibration_gap == pytest.approx(0.3)
    assert stage_of(log, "u", "later") is None


def test_of_an_exercise_the_first_judged_check_counts() -> None:
    log = [
        check("who", "not_attempted", confidence=10),
        check("who", "uncheckable", confidence=20),
        check("who", "incorrect", confidence=90),
        # what is said after the check has spoken is no guess any more
        check("who", "passed", confidence=100),
        check("keeper", "passed", confidence=70),
        check("other", "passed", unit="v", confidence=0),
    ]
    assert exercises_of(log, "u") == Stage(2, 0.5, 0.8)


def test_exercises_that_ask_nothing_count_for_nothing() -> None:
    assert exercises_of([check("plan", "passed"), item("a", True, 90)], "u") is None
    # said only once the outcome was known
    assert (
        exercises_of([check("who", "incorrect"), check("who", "passed", confidence=9)], "u") is None
    )
