"""A result says complete by the unit's rule, and verified only on a trainer's word."""

from __future__ import annotations

from typing import Any

from kit.home import LearnerHome
from kit.model import Attempt, Unit
from kit.progress import ProgressLog
from kit.reports.decision import decision, left_to_trainer

PRACTISED = {
    "part": "practice",
    "submitted_at": "2026-11-20T10:00:00+00:00",
    "score": 0.0,
    "max_score": 0.0,
    "cells": [{"exercise": "count", "outcome": "passed"}],
}
GRADED: dict[str, Any] = {**PRACTISED, "part": "graded", "score": 8.0, "max_score": 10.0}


def passed(home: LearnerHome, exercise: str) -> None:
    now = "2026-11-20T09:00:00Z"
    ProgressLog(home.progress_file).append(Attempt(now, "check", "tiny", exercise, "passed"))


def test_the_log_and_the_own_gradebook_complete_a_unit_unverified(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    passed(tiny_home, "count")
    assert decision(tiny_home, tiny, [GRADED]) == {
        "practised_share": 0.5,
        "graded_share": 0.8,
        "complete": True,
        "missing": [],
        "verified": False,
    }


def test_a_trainers_gradebook_verifies(tiny: Unit, tiny_home: LearnerHome) -> None:
    assert decision(tiny_home, tiny, [PRACTISED, GRADED], verifier="mig26")["verified"]


def test_what_is_short_is_said(tiny: Unit, tiny_home: LearnerHome) -> None:
    told = decision(tiny_home, tiny, [])
    assert (told["complete"], told["graded_share"]) == (False, None)
    assert told["missing"][-1] == "Hand in the graded assignment."


def test_nothing_is_complete_while_a_trainer_has_yet_to_grade(
    tiny: Unit, tiny_home: LearnerHome
) -> None:
    passed(tiny_home, "count")
    told = left_to_trainer(tiny_home, tiny, [GRADED])
    assert (told["practised_share"], told["graded_share"]) == (0.5, None)
    assert (told["complete"], told["verified"]) == (False, False)
    assert told["missing"] == ["Your trainer grades what you handed in."]
    assert left_to_trainer(tiny_home, tiny, [PRACTISED])["missing"] == [
        "Hand in the graded assignment."
    ]
