"""A trainer's feedback on the home page: told apart from what a learner reports of themselves."""

from __future__ import annotations

import json
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


def practice_by_trainer(*passed: str, **changes: Any) -> dict[str, Any]:
    """The practice as ``upskill fetch`` leaves it, with these exercises passed."""
    cells = [{"exercise": e, "points": 1, "max_points": 1, "outcome": "passed"} for e in passed]
    page = {"page": PAGE, "submitted_at": "2026-11-02T10:00:00+00:00"}
    row = {"name": "tiny-practice", "part": "practice", "submitted_at": page["submitted_at"]}
    return {
        **row,
        "score": len(cells),
        "max_score": 2,
        "cells": cells,
        "feedback": [page],
    } | changes


def test_who_never_checked_but_is_verified_is_past_the_practice(joined, put_result):
    practice = practice_by_trainer("count", "total")
    put_result(assignments=[practice, by_trainer(10)], complete=True, verified=True, missing=[])
    standing = read_standing(joined)
    assert standing.next.kind == "live"
    page = html(joined)
    assert "Practised: 2 of 2 exercises" in page
    assert (
        "In your trainer&#39;s gradebook, verified: 2 of 2. "
        "By checks in your workbook, self-reported: 0 of 2." in page
    )
    assert page.count("passed · verified") == 2
    assert "to do" not in page


def test_a_verified_completion_asks_for_no_more_practice(joined, put_result):
    practice = practice_by_trainer("count")
    put_result(assignments=[practice, by_trainer(10)], complete=True, verified=True, missing=[])
    assert read_standing(joined).next.kind == "live"
    put_result(assignments=[practice, by_trainer(10)], complete=True, verified=False, missing=[])
    assert read_standing(joined).next.title == "Add the sizes"


def test_a_verified_pass_counts_for_what_is_next(joined, put_result):
    put_result(assignments=[practice_by_trainer("count")])
    assert read_standing(joined).next.title == "Add the sizes"


def test_a_later_mistake_and_a_verified_pass_are_both_told(joined, diary, put_result):
    put_result(assignments=[practice_by_trainer("count", submitted_at="2026-11-02T09:00:00+00:00")])
    diary("check", "count", "incorrect")
    assert "check again · passed in your trainer&#39;s gradebook" in html(joined)
    assert read_standing(joined).units[0].verified == 1


def test_without_a_grade_of_the_practice_no_gradebook_is_spoken_of(joined, put_result):
    put_result(assignments=[by_trainer()])
    assert "In your trainer" not in html(joined)


def ask(home: LearnerHome, because: str = "The risk is named.") -> None:
    """What ``upskill ask`` leaves in the home."""
    row = {"unit": "tiny", "exercise": "memo", "because": because}
    text = json.dumps({home.course: {"tiny": [{**row, "asked_at": "2026-11-03T10:00:00+00:00"}]}})
    (home.state / "requests.json").write_text(text, encoding="utf-8")


def told(because: str, answer: str = "", answered_at: str = "") -> dict[str, Any]:
    """The graded assignment with what the feedback tells of a request."""
    row = {"because": because, "state": "answered" if answer else "open", "answer": answer}
    row["answered_at"] = answered_at
    graded = by_trainer()
    return {**graded, "cells": [{**graded["cells"][0], "asked": [row]}]}


def asked(home: LearnerHome) -> list[tuple[str, str]]:
    return [(r.state, r.answer) for r in read_standing(home).units[0].requests]


def test_a_request_is_open_until_its_answer_is_fetched(joined, put_result):
    put_result(assignments=[by_trainer()])
    assert asked(joined) == []
    ask(joined)
    page = html(joined)
    assert asked(joined) == [("open", "")]
    assert "You asked to look again at “Explain it”" in page
    assert "The risk is named." in page
    assert "Asked 3 November 2026" in page
    assert "the answer comes with your trainer&#39;s next feedback" in page
    put_result(assignments=[told("The risk is named.", "One <level> more.")])
    page = html(joined)
    assert asked(joined) == [("answered", "One <level> more.")]
    assert "One &lt;level&gt; more." in page
    assert "upskill ask tiny:memo" in page


def test_an_answer_to_an_earlier_request_does_not_answer_the_later_one(joined, put_result):
    put_result(assignments=[told("Something else.", "No.")])
    ask(joined)
    assert asked(joined) == [("open", "")]


@pytest.mark.parametrize(("day", "state"), [("02", "open"), ("04", "answered")])
def test_the_same_words_again_wait_for_an_answer_of_their_own(joined, put_result, day, state):
    at = f"2026-11-{day}T10:00:00.123456+00:00"
    put_result(assignments=[told("The risk is named.", "Yes.", at)])
    ask(joined)
    assert [s for s, _ in asked(joined)] == [state]
    assert ("Answered 4 November 2026" in html(joined)) is (state == "answered")


def test_a_request_that_the_home_has_lost_is_told_by_the_feedback(joined, put_result):
    put_result(assignments=[told("The risk is named.", "Yes.")])
    (joined.state / "requests.json").write_text("{", encoding="utf-8")
    assert asked(joined) == [("answered", "Yes.")]


def test_newer_work_leaves_open_whether_a_request_was_answered(joined, put_result):
    ask(joined)
    put_result(assignments=[by_trainer(state="handed in", receipt="ab" * 32)])
    assert asked(joined) == [("sent", "")]
    assert "You have handed in again since." in html(joined)


def test_requests_of_another_course_are_not_shown(joined, put_result):
    put_result(assignments=[by_trainer()])
    ask(replace(joined, course="other"))
    assert asked(joined) == []


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
