"""Whose work it is, as `upskill collect` can tell: the roster, and the system's accounts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lifecycle_helpers import answer_all, collected, joined_home, submit

from kit.cli.lifecycle import run_collect
from kit.grading.collect import own_account
from kit.grading.course import Course
from kit.grading.exchange import exchange_root
from kit.grading.make_course import make_course
from kit.grading.read import read_cohort
from kit.grading.release import release
from kit.home import LearnerHome
from kit.model import Unit

pytestmark = [pytest.mark.grading]


def said(course: Course, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    run_collect("tiny", course.root, as_json=False)
    return " ".join(capsys.readouterr().out.split())


def test_work_of_somebody_who_is_not_on_the_roster_is_taken_and_told(
    course: Course, content: Unit, learner: LearnerHome, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(learner, content)
    rows = collected(course, content)
    assert (rows[learner.learner, "tiny"].state, rows[learner.learner, "tiny"].enrolled) == (
        "new",
        False,
    )
    assert rows["absent", "tiny"].enrolled
    assert (course.submitted(learner.learner, "tiny") / "assignment.ipynb").is_file()
    shown = said(course, capsys)
    assert f"Not on the roster: {learner.learner}. The work is kept" in shown
    # the one file that names the learners
    assert "mig26.toml ([[learners]], id); or leave it so." in shown
    capsys.readouterr()
    run_collect("tiny", course.root, as_json=True)
    told = {row["learner"]: row["enrolled"] for row in json.loads(capsys.readouterr().out)["rows"]}
    assert (told[learner.learner], told["absent"]) == (False, True)


def test_without_a_roster_nobody_is_a_stranger(
    course: Course, content: Unit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # the same exchange, another course
    open_to_all = make_course(tmp_path / "open", "open26")
    release(open_to_all, content)
    home = joined_home(open_to_all, exchange_root(course), "anybody", tmp_path / "home")
    answer_all(home, content)
    submit(home, content)
    assert collected(open_to_all, content)["anybody", "tiny"].enrolled
    assert "Not on the roster" not in said(open_to_all, capsys)
    assert read_cohort(open_to_all).learners["enrolled"].all()


def test_an_account_of_nobodys_name_is_noted_and_ones_own_proves_no_name(
    course: Course,
    content: Unit,
    learner: LearnerHome,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit(learner, content)
    mine = own_account()
    row = collected(course, content)[learner.learner, "tiny"]
    assert (row.account, row.notes) == (mine, ())
    shown = said(course, capsys)
    assert "from your own account, which proves no name:" in shown
    assert learner.learner in shown.split("proves no name:")[1]
    # the same folders, seen by a trainer with an account of their own
    monkeypatch.setenv("LOGNAME", "another-trainer")
    row = collected(course, content)[learner.learner, "tiny"]
    assert row.notes == (f"Handed in from the account '{mine}'.",)
    assert "proves no name" not in said(course, capsys)
