"""What is refused or goes wrong when a learner hands in; nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from grading_helpers import RIGHT, edit, scores, submit

from kit.cli.submit import run_submit
from kit.errors import GradingError, HomeError, UsageError
from kit.grading.own_course import OwnCourse
from kit.model import Part, Unit

pytestmark = pytest.mark.grading


@pytest.mark.parametrize("ratings", [{"memo": 4}, {"count": 1}, {"nothing": 1}])
def test_wrong_rating_is_refused_before_anything_is_handed_in(
    new_home: Any, content: Unit, ratings: dict[str, int]
) -> None:
    learner = new_home()
    edit(learner, content, Part.PRACTICE, **RIGHT)
    with pytest.raises(UsageError):
        submit(learner, content, **ratings)
    assert not (learner.state / "course" / "submitted").exists()


def test_second_submission_at_once_is_refused_while_the_first_runs(
    new_home: Any, content: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    import kit.grading.course as courses

    learner = new_home()
    edit(learner, content, Part.PRACTICE, **RIGHT)
    running = OwnCourse(learner.state / "course", learner.course)
    running.prepare()
    monkeypatch.setattr(courses, "WAIT_SECONDS", 0.0)
    with running.alone(), pytest.raises(GradingError, match="Another submission"):
        submit(learner, content)
    assert not (learner.state / "course" / "submitted").exists()
    assert scores(submit(learner, content)) == {"count": 1.0, "total": 1.0}


def test_damaged_notebook_is_reported_and_nothing_is_handed_in(
    new_home: Any, content: Unit
) -> None:
    learner = new_home()
    path = learner.notebook(content, Part.PRACTICE)
    path.write_text(path.read_text(encoding="utf-8")[:100], encoding="utf-8")
    with pytest.raises(HomeError, match="damaged"):
        submit(learner, content)
    assert not (learner.state / "course" / "submitted").exists()


def test_a_damaged_notebook_does_not_hold_back_the_other_part(
    new_home: Any, content: Unit, capfd: pytest.CaptureFixture[str]
) -> None:
    learner = new_home()
    edit(learner, content, Part.PRACTICE, **RIGHT)
    path = learner.notebook(content, Part.GRADED)
    path.write_text(path.read_text(encoding="utf-8")[:100], encoding="utf-8")
    damaged = path.read_bytes()
    with pytest.raises(SystemExit) as ended:
        run_submit("tiny", learner.root, None, as_json=False, ratings=[])
    assert ended.value.code == HomeError.exit_code
    shown = capfd.readouterr().out
    assert "2 of 2 points" in shown
    assert "damaged from line" in shown
    assert str(path) in shown
    with pytest.raises(SystemExit):
        run_submit("tiny", learner.root, None, as_json=True, ratings=[])
    told = json.loads(capfd.readouterr().out)
    assert [row["name"] for row in told["assignments"]] == ["tiny-practice"]
    assert [row["name"] for row in told["damaged"]] == ["tiny"]
    assert "Handed in: Practice. Not handed in: Graded assignment." in told["error"]["what"]
    assert told["error"]["where"] == str(path)
    assert "checkpoint" in told["error"]["fix"]
    assert path.read_bytes() == damaged


def test_failure_of_grading_names_the_log_and_keeps_the_submission(
    new_home: Any, content: Unit
) -> None:
    learner = new_home()
    edit(learner, content, Part.PRACTICE, **RIGHT)
    course = learner.state / "course"
    course.mkdir(parents=True)
    (course / "gradebook.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(GradingError) as caught:
        submit(learner, content)
    assert caught.value.where.endswith("grading.log")
    kept = course / "submitted" / learner.learner / "tiny-practice" / "workbook.ipynb"
    assert RIGHT["count"] in kept.read_text(encoding="utf-8")
