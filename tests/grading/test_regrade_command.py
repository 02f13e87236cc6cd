"""A learner asks, a trainer answers, the learner reads it: over the real exchange and gradebook."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from feedback_helpers import given, graded, new_course, say, send, take_part
from grading_helpers import edit

from kit.cli.fetch import fetch, run_fetch
from kit.cli.join import run_ask
from kit.cli.regrade import open_requests, run_regrade
from kit.errors import UsageError
from kit.grading.collect import collect
from kit.grading.course import Course
from kit.home import LearnerHome
from kit.model import Part, Unit
from tests.conftest import become

pytestmark = pytest.mark.grading
WHY = "The reason names a disk [bold]by name[/bold]."


@pytest.fixture
def course(content: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    become(tmp_path, monkeypatch)
    monkeypatch.setenv("UPSKILL_EXCHANGE", str(tmp_path / "exchange"))
    return new_course(tmp_path, content)


@pytest.fixture
def kim(course: Course, content: Unit, tmp_path: Path) -> LearnerHome:
    home = take_part(course, content, tmp_path / "kim", "kim")
    graded(course, content)
    return home


Answer = Callable[..., None]


@pytest.fixture
def regrade(course: Course) -> Answer:
    def run(
        learner: str | None = None,
        exercise: str | None = None,
        answer: str | None = None,
        as_json: bool = False,
    ) -> None:
        run_regrade("tiny", course.root, learner, exercise, answer, as_json=as_json)

    return run


def needs_manual(course: Course, learner: str) -> tuple[float | None, bool]:
    """The trainer's score of the memo, and whether it waits for a person."""
    from nbgrader.api import Gradebook

    with Gradebook(course.db_url, course.course_id) as gradebook:
        grade = gradebook.find_grade("memo", "assignment", "tiny", learner)
        return grade.manual_score, bool(grade.needs_manual_grade)


def test_a_request_is_listed_answered_and_read_in_the_next_feedback(
    course: Course, content: Unit, kim: LearnerHome, regrade: Answer, capsys
) -> None:
    say(course, "kim", "memo", 1.5)
    given(course, content)
    fetch(kim)
    before = collect(course, content)
    run_ask("tiny:memo", WHY, kim.root, "en")
    after = {row.assignment: row for row in collect(course, content) if row.learner == "kim"}
    earlier = {row.assignment: row for row in before if row.learner == "kim"}
    assert after["tiny"].state == "asked"
    assert after["tiny"].submitted_at == earlier["tiny"].submitted_at
    (one,) = open_requests(course, content)
    assert (one.learner, one.exercise, one.because, one.points) == ("kim", "memo", WHY, 1.5)
    capsys.readouterr()
    regrade()
    assert WHY.split()[-1] in " ".join(capsys.readouterr().out.split())

    regrade("kim", "memo", "It stays: name its size as well.")
    assert "upskill feedback tiny" in capsys.readouterr().out
    assert open_requests(course, content) == []
    regrade()
    assert "No request is open." in capsys.readouterr().out

    given(course, content)
    run_fetch(kim.root, "en", as_json=False)
    told = capsys.readouterr().out
    pages = [row["page"] for row in fetch(kim)["feedback"] if row["name"] == "tiny"]
    page = (kim.root / pages[0]).read_text("utf-8")
    assert "It stays: name its size as well." in page
    assert "There is no answer yet." not in page
    assert "It stays: name its size as well." in told


def test_a_request_that_still_waits_says_so_in_the_feedback(
    course: Course, content: Unit, kim: LearnerHome
) -> None:
    run_ask("tiny:memo", WHY, kim.root, "en")
    collect(course, content)
    given(course, content)
    (row,) = [row for row in fetch(kim)["feedback"] if row["name"] == "tiny"]
    assert "There is no answer yet." in (kim.root / row["page"]).read_text("utf-8")
    assert [(r["exercise"], r["state"]) for r in fetch(kim)["requests"]] == [("memo", "open")]


def test_programs_get_the_open_requests_as_json(
    course: Course, content: Unit, kim: LearnerHome, regrade: Answer, capsys
) -> None:
    for exercise in ("memo", "case"):
        run_ask(f"tiny:{exercise}", WHY, kim.root, "en")
    collect(course, content)
    capsys.readouterr()
    regrade(as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert [row["exercise"] for row in told["open"]] == ["memo", "case"]
    # a memo that nobody judged has no points; the check of the case gave its own
    assert [row["points"] for row in told["open"]] == [None, told["open"][1]["max_points"]]
    regrade("kim", "case", as_json=True)
    assert [r["exercise"] for r in json.loads(capsys.readouterr().out)["open"]] == ["case"]


@pytest.mark.parametrize(
    ("learner", "exercise", "answer", "told"),
    [
        ("kim", None, "Yes.", "whose request"),
        (None, "memo", "Yes.", "whose request"),
        ("kim", "memo", "  ", "empty"),
        ("kim", "memo", "Yes.", "asked nothing about 'memo'"),
    ],
)
def test_an_answer_to_nothing_is_refused(
    course: Course, content: Unit, regrade: Answer, learner, exercise, answer, told
) -> None:
    with pytest.raises(UsageError, match=told) as raised:
        regrade(learner, exercise, answer)
    assert "upskill regrade tiny" in raised.value.fix


def test_a_score_stays_over_new_work_and_another_memo_waits_for_the_trainer_again(
    course: Course, content: Unit, kim: LearnerHome
) -> None:
    say(course, "kim", "memo", 4.5)
    edit(kim, content, Part.GRADED, case="def largest(disks):\n    return disks[0]")
    send(kim, content)
    states = {r.assignment: r.state for r in collect(course, content) if r.learner == "kim"}
    assert states["tiny"] == "newer"
    graded(course, content)
    assert needs_manual(course, "kim")[0] == 4.5
    say(course, "kim", "memo", 4.5)
    assert needs_manual(course, "kim") == (4.5, False)
    edit(kim, content, Part.GRADED, memo="The smallest disk decides, and I was wrong.")
    send(kim, content)
    graded(course, content)
    assert needs_manual(course, "kim") == (4.5, True)
