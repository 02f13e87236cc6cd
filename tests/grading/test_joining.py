"""Joining a trainer's course: whose it is, which exchange, and what was there before."""

from __future__ import annotations

from pathlib import Path

import pytest
from lifecycle_helpers import answer_all, joined_home, submit

from kit.errors import GradingError, UsageError
from kit.grading.course import Course
from kit.grading.exchange import exchange_root
from kit.grading.make_course import make_course
from kit.grading.release import release
from kit.home import LearnerHome, make_home, open_home
from kit.identity import current_identity
from kit.model import Part, Unit

pytestmark = pytest.mark.grading


@pytest.mark.parametrize("name", ["a b", "a+b", "*", "../kim", ".hidden", ""])
def test_a_name_that_nbgrader_cannot_use_is_refused_and_changes_nothing(
    course: Course, content: Unit, tmp_path: Path, name: str
) -> None:
    home = open_home(tmp_path / "home", "en")
    if not name:
        from dataclasses import replace

        home = replace(home, learner="a/b")
    with pytest.raises(UsageError, match="cannot use the name"):
        from kit.cli.join import join

        join(home, "mig26", exchange_root(course), name or None)
    assert not (tmp_path / "home").exists()


def test_joining_names_the_courses_that_are_there(
    course: Course, content: Unit, tmp_path: Path
) -> None:
    with pytest.raises(GradingError, match=r"course 'other'\. Courses in it: mig26"):
        joined_home(_named(course, "other"), exchange_root(course), "kim", tmp_path / "home")
    with pytest.raises(GradingError, match="exchange folder is not there"):
        joined_home(course, tmp_path / "nowhere", "kim", tmp_path / "home")


def _named(course: Course, name: str) -> Course:
    return Course(course.root, name)


def test_exchange_that_cannot_be_made_is_named(
    content: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("UPSKILL_EXCHANGE", str(tmp_path / "file" / "exchange"))
    made = make_course(tmp_path / "c", "c1")
    with pytest.raises(GradingError, match="exchange folder cannot be written") as caught:
        release(made, content)
    assert caught.value.where == str(tmp_path / "file" / "exchange")


def test_exchange_that_went_away_leaves_the_work_as_it_was(
    content: Unit, learner: LearnerHome
) -> None:
    from dataclasses import replace

    lost = replace(learner, exchange=learner.root / "gone")
    before = learner.notebook(content, Part.GRADED).read_bytes()
    with pytest.raises(GradingError, match="could not be handed in"):
        submit(lost, content)
    assert learner.notebook(content, Part.GRADED).read_bytes() == before


def test_joining_copies_the_work_of_an_earlier_course_first(
    course: Course, content: Unit, tmp_path: Path
) -> None:
    from kit.cli.join import join

    home = open_home(tmp_path / "home", "en")
    make_home(home)
    answer_all(home, content)
    results = home.state / "results" / "tiny.json"
    results.parent.mkdir()
    results.write_text("{}", encoding="utf-8")
    mine = home.notebook(content, Part.PRACTICE).read_bytes()
    joined, kept = join(home, "mig26", exchange_root(course), "kim")
    assert kept is not None
    assert (kept / "tiny-practice" / "workbook.ipynb").read_bytes() == mine
    assert home.notebook(content, Part.PRACTICE).read_bytes() == mine
    assert not results.exists()
    assert open_home(home.root) == joined
    assert join(joined, "mig26", exchange_root(course), "kim")[1] is None


@pytest.mark.parametrize(
    ("chosen", "asked", "language"),
    [(None, None, "ko"), ("en", None, "en"), (None, "en", "en"), ("ko", "en", "en")],
)
def test_the_cohorts_language_is_for_who_has_chosen_none(
    course: Course,
    content: Unit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    chosen: str | None,
    asked: str | None,
    language: str,
) -> None:
    from kit.cli.join import run_join
    from kit.notebooks import read_notebook

    # the locale's language is nobody's choice
    monkeypatch.setenv("UPSKILL_LANG", "en")
    root = tmp_path / "home"
    make_home(open_home(root, chosen))
    run_join("mig26", exchange_root(course), "kim", root, asked)
    home = open_home(root)
    assert home.language == language
    assert home.language_chosen is bool(chosen or asked)
    notebook = read_notebook(home.notebook(content, Part.PRACTICE))
    assert notebook["metadata"]["kit"]["language"] == language


def test_a_course_without_a_cohort_leaves_the_language_alone(
    content: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kit.cli.join import join

    monkeypatch.setenv("UPSKILL_EXCHANGE", str(tmp_path / "exchange"))
    monkeypatch.setenv("UPSKILL_LANG", "ko")
    release(make_course(tmp_path / "c", "c1"), content)
    home = open_home(tmp_path / "home")
    joined = join(home, "c1", tmp_path / "exchange", "kim")[0]
    assert (joined.language, joined.language_chosen) == ("ko", False)


def test_a_fetched_notebook_meets_the_trainers_course_outside_a_joined_home(
    course: Course, content: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    fetched = tmp_path / "work" / "tiny"
    shutil.copytree(exchange_root(course) / "mig26" / "outbound" / "tiny", fetched)
    monkeypatch.setenv("JUPYTERHUB_USER", "kim")
    monkeypatch.chdir(fetched)
    here = current_identity()
    assert (here.course, here.learner) == ("mig26", "kim")
    assert here.home is not None
    assert here.home.assignment_folder(content, Part.GRADED) == fetched
    joined = joined_home(course, exchange_root(course), "kim", tmp_path / "joined")
    monkeypatch.chdir(joined.assignment_folder(content, Part.GRADED))
    assert here.case_seed("tiny", "graded") == current_identity().case_seed("tiny", "graded")


def test_a_learner_cannot_rate_what_the_trainer_grades(content: Unit, learner: LearnerHome) -> None:
    from kit.cli.submit import hand_in

    with pytest.raises(UsageError, match="Your trainer rates"):
        hand_in(learner, content, {"memo": 3}, lambda *_: None)
    assert not (learner.state / "outgoing").exists()
