"""The fixture unit as the only content, and a home for it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kit.home import LearnerHome
from kit.model import Attempt, Unit
from kit.progress import ProgressLog


@pytest.fixture
def unit(tiny: Unit) -> Unit:
    return tiny


@pytest.fixture
def home(tiny_home: LearnerHome) -> LearnerHome:
    return tiny_home


class Diary:
    """Writes a learner's log line by line."""

    def __init__(self, home: LearnerHome) -> None:
        self.log, self.minute = ProgressLog(home.progress_file), 0

    def __call__(self, event: str, exercise: str = "", outcome: str = "", **data: Any) -> None:
        self.minute += 1
        time = f"2026-11-02T09:{self.minute:02d}:00.000+00:00"
        self.log.append(Attempt(time, event, "tiny", exercise, outcome, data=data))


@pytest.fixture
def diary(home: LearnerHome) -> Diary:
    return Diary(home)


def result_of(score: float = 6, rated: int | None = None, **changes: Any) -> dict[str, Any]:
    """What ``upskill submit`` leaves for the fixture unit."""
    cells = [
        {"exercise": "case", "title": "A fresh case", "points": 4, "max_points": 4}
        | {"manual": False, "rated": None, "outcome": "passed", "message": ""},
        {"exercise": "memo", "title": "Explain it", "points": score - 4, "max_points": 6}
        | {"manual": True, "rated": rated, "outcome": "", "message": "<b>bold</b>"},
    ]
    graded = {"name": "tiny", "part": "graded", "submitted_at": "2026-11-02T10:00:00+00:00"}
    return {
        "unit": "tiny",
        "assignments": [{**graded, "score": score, "max_score": 10, "cells": cells}],
        "not_ready": [{"name": "tiny-practice", "why": "Two blanks are left."}],
        "practised_share": 0.5,
        "graded_share": score / 10,
        "complete": False,
        "missing": ["Practise one more exercise."],
        "verified": False,
        **changes,
    }


@pytest.fixture
def put_result(home: LearnerHome) -> Any:
    def put(**changes: Any) -> None:
        folder = home.state / "results"
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(result_of(**changes), ensure_ascii=False)
        (folder / "tiny.json").write_text(text, encoding="utf-8")

    return put
