"""A trainer's feedback on the home page: told apart from what a learner reports of themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kit.home import LearnerHome, make_home
from kit.server.page import render_home
from kit.server.standing import read_standing

PAGE = "tiny/feedback/2026-11-02 10:00:00.000000 UTC/assignment.html"


def by_trainer(score: float = 6, **changes: Any) -> dict[str, Any]:
    """The graded assignment as ``upskill fetch`` leaves it."""
    cell = {"exercise": "memo", "points": score, "max_points": 6, "manual": True, "rated": None}
    page = {"page": PAGE, "submitted_at": "2026-11-02T10:00:00+00:00", "max_score": 10}
    return {
        "name": "tiny",
        "part": "graded",
        "submitted_at": page["submitted_at"],
        "score": score,
        "max_score": 10,
        "penalty": 0.0,
        "cells": [cell],
        "feedback": [{**page, "score": score}],
        **changes,
    }


@pytest.fixture
def joined(home: LearnerHome, tmp_path: Path) -> LearnerHome:
    made = replace(home, course="mig26", exchange=tmp_path / "exchange")
    make_home(made)
    return made


def html(home: LearnerHome) -> str:
    return " ".join(render_home(home, "/base/", "x").split())


def test_a_trainers_grade_says_whose_it_is_and_leads_to_the_feedback(joined, put_result):
    put_result(assignments=[by_trainer()])
    page = html(joined)
    assert "graded by your trainer: 6 of 10" in page
    assert '<span class="chip good">verified</span>' in page
    assert 'href="/base/files/tiny/feedback/2026-11-02%2010%3A00%3A00.000000%20UTC/' in page
    assert "self-reported" not in page


def test_a_trainers_grade_asks_for_no_rating_of_ones_own(joined, put_result):
    put_result(assignments=[by_trainer()])
    assert 'class="rating"' not in html(joined)
    assert read_standing(joined).units[0].next.kind != "rate"


def test_newer_work_lies_with_the_trainer_and_keeps_the_earlier_feedback_in_reach(
    joined, put_result
):
    put_result(assignments=[by_trainer(state="handed in", receipt="ab" * 32)])
    page = html(joined)
    assert "with your trainer" in page
    assert "graded by your trainer" not in page
    assert "6 of 10" in page


@pytest.mark.parametrize(
    ("verified", "said"),
    [
        (True, "complete, verified by your trainer"),
        (False, "complete; part of it is self-reported"),
    ],
)
def test_completion_tells_a_trainers_word_from_the_learners(joined, put_result, verified, said):
    put_result(assignments=[by_trainer(10)], complete=True, verified=verified)
    assert said in html(joined)


def test_only_a_home_with_a_trainer_looks_for_feedback(home, joined):
    assert 'id="fetch"' in html(joined)
    assert 'id="fetch"' not in html(replace(joined, exchange=None))
