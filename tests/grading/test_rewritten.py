"""Judged work that was rewritten: its old points count nowhere until it is judged again."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from feedback_helpers import given, graded, say, send, take_part
from grading_helpers import edit

from kit.cli.fetch import fetch
from kit.cli.join import run_ask
from kit.cli.regrade import open_requests
from kit.cli.report import run_report
from kit.content import load_programme, load_units
from kit.grading.collect import collect
from kit.grading.course import Course
from kit.grading.feedback import TO_RATE
from kit.grading.give_feedback import Given, feedback_data
from kit.grading.read import read_cohort
from kit.home import LearnerHome
from kit.model import CompletionRule, Part, Unit
from kit.reports.report import make_report
from kit.server.page import render_home
from kit.server.standing import read_standing

pytestmark = [pytest.mark.grading]


@dataclass
class Rewritten:
    course: Course
    home: LearnerHome
    before: dict[tuple[str, str], Given]
    after: dict[tuple[str, str], Given]
    base: Path

    def completion(self) -> dict[str, str]:
        """kim's row of completion.csv for the tiny unit."""
        path = run_report(self.course.root, "csv", self.base / "completion.csv", "en")
        rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
        return next(r for r in rows if (r["learner"], r["unit"]) == ("kim", "tiny"))


@pytest.fixture(scope="module")
def kim(content: Unit, english_course: Course) -> Rewritten:
    """kim was judged 6 of 6, wrote nonsense instead, and handed in again."""
    course, base = english_course, english_course.root.parent
    home = take_part(course, content, base / "kim", "kim")
    graded(course, content)
    say(course, "kim", "memo", 6.0)
    before = given(course, content)
    edit(home, content, Part.GRADED, memo="asdf")
    send(home, content)
    graded(course, content)
    after = given(course, content)
    return Rewritten(course, home, before, after, base)


def standing(kim: Rewritten, graded_share: float) -> Any:
    """kim's row under a rule that wants this share of the graded points and no practice."""
    rule = CompletionRule(0.0, graded_share)
    programme = replace(load_programme(), rules={"tiny": rule}, units=("tiny",))
    table = make_report(read_cohort(kim.course), load_units(), programme).standing
    return table[table["learner"] == "kim"].iloc[0]


def test_the_cohort_speaks_of_times_in_its_own_zone(kim: Rewritten) -> None:
    assert read_cohort(kim.course).timezone == "Asia/Seoul"


def test_a_request_to_look_again_shows_no_points_of_the_old_words(
    kim: Rewritten, content: Unit
) -> None:
    run_ask("tiny:memo", "Look again.", kim.home.root, "en")
    collect(kim.course, content)
    assert [one.points for one in open_requests(kim.course, content)] == [None]


def test_nbgrader_keeps_the_points_and_the_cohort_leaves_them_out(kim: Rewritten) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(kim.course.db_url, "mig26") as gradebook:
        assert gradebook.find_grade("memo", "assignment", "tiny", "kim").manual_score == 6.0
    rows = read_cohort(kim.course).submissions.set_index(["learner", "assignment"])
    assert (rows.loc[("kim", "tiny"), "score"], rows.loc[("kim", "tiny"), "to_grade"]) == (4.0, 1)


def test_feedback_says_that_it_waits_and_counts_it_nowhere(kim: Rewritten) -> None:
    first, then = kim.before["kim", "tiny"], kim.after["kim", "tiny"]
    assert (first.score, first.to_grade) == (10.0, 0)
    assert (then.score, then.max_score, then.to_grade) == (4.0, 10.0, 1)
    assert then.page is not None
    cell = next(c for c in feedback_data(then.page)["cells"] if c["exercise"] == "memo")
    told = (cell["outcome"], cell["points"], cell["earlier"], cell["rated"])
    assert told == (TO_RATE, 0.0, 6.0, None)
    page = then.page.read_text(encoding="utf-8")
    assert "Waits to be judged again" in page
    assert "Earlier: 6 of 6 points." in page
    assert "Judged by your trainer" not in page


def test_no_completion_rests_on_it(kim: Rewritten) -> None:
    row = standing(kim, 0.6)
    assert (row["complete"], row["verified"], row["state"]) == (False, False, "to_grade")
    assert row["graded"] == pytest.approx(0.4)


def test_what_the_rest_reaches_alone_is_complete(kim: Rewritten) -> None:
    row = standing(kim, 0.4)
    assert (row["complete"], row["verified"], row["to_grade"]) == (True, True, 1)


def test_the_home_page_says_who_is_waited_for(kim: Rewritten) -> None:
    fetch(kim.home)
    unit = next(u for u in read_standing(kim.home).units if u.unit.id == "tiny")
    assert unit.result is not None
    assert (unit.result.complete, unit.result.verified) == (False, False)
    assert unit.result.graded_share == pytest.approx(0.4)
    assert unit.result.waiting
    page = " ".join(render_home(kim.home, "/", "x").split())
    assert "graded by your trainer: 4 of 10" in page
    assert "of it to be judged by your trainer: 1" in page


def test_judged_again_it_counts_again(kim: Rewritten, content: Unit) -> None:
    say(kim.course, "kim", "memo", 3.0)
    try:
        assert given(kim.course, content)["kim", "tiny"].score == 7.0
        assert standing(kim, 0.7)["verified"]
    finally:
        say(kim.course, "kim", "memo", None)
