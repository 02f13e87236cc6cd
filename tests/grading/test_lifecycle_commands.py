"""The commands of trainer and learner as they are typed, and what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lifecycle_helpers import answer_all, write_cohort

from kit.cli.join import run_ask, run_join
from kit.cli.lifecycle import run_collect, run_course, run_extend, run_release
from kit.cli.submit import run_submit
from kit.errors import GradingError, UsageError
from kit.home import open_home
from kit.model import Unit
from tests.conftest import become

pytestmark = pytest.mark.grading


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An exchange that the environment names, and no file of the real user."""
    become(tmp_path, monkeypatch)
    monkeypatch.setenv("UPSKILL_EXCHANGE", str(tmp_path / "exchange"))
    monkeypatch.setenv("UPSKILL_LANG", "en")
    return tmp_path / "exchange"


def said(capfd: pytest.CaptureFixture[str]) -> str:
    return " ".join(capfd.readouterr().out.split())


def test_from_a_new_course_to_a_collected_request(
    content: Unit, shared: Path, tmp_path: Path, capfd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the example's own name: a copy under the cohort's id counts
    cohort = write_cohort(tmp_path / "example.toml")
    run_course(tmp_path / "course", None, cohort)
    assert "Its id is mig26" in said(capfd)
    assert (tmp_path / "course" / "cohorts" / "mig26.toml").read_bytes() == cohort.read_bytes()
    # from inside, as a trainer works
    monkeypatch.chdir(tmp_path / "course" / "source")
    run_release("tiny", None, None, as_json=False)
    shown = said(capfd)
    assert f"upskill join mig26 --exchange {shared}" in shown
    assert "Released tiny; due: 20" in shown

    home = tmp_path / "home"
    run_join("mig26", None, "kim", home, "en")
    assert "You take part in mig26 as kim" in said(capfd)
    answer_all(open_home(home), content)
    run_submit("tiny", home, None, as_json=False, ratings=[])
    shown = said(capfd)
    assert "Graded assignment: handed in at 20" in shown
    assert "Receipt:" in shown
    # practice was due; the graded part is not yet, and its line says nothing of lateness
    practice, graded = shown.split("Graded assignment:")
    assert "after the due date" in practice
    assert "days begun since: 3. It counts as late unless" in practice
    assert "due date" not in graded
    run_submit("tiny", home, "ko", as_json=False, ratings=[])
    assert "마감 후 3일째입니다." in said(capfd)
    assert "Your trainer grades what you handed in." in shown
    assert "points" not in shown

    run_collect("tiny", None, as_json=False)
    shown = said(capfd)
    assert "김하나" not in shown
    assert "new 1, missing 2" in shown
    run_ask("tiny:memo", "The reason names a disk.", home, "en")
    assert "Your work stays as it was handed in." in said(capfd)
    run_collect("tiny", None, as_json=True)
    rows = json.loads(capfd.readouterr().out)["rows"]
    states = {(r["assignment"], r["learner"]): r["state"] for r in rows}
    assert states["tiny", "kim"] == "asked"
    assert states["tiny-practice", "kim"] == "unchanged"
    assert states["tiny", "absent"] == "missing"

    run_extend("tiny", "kim", 7, None)
    assert "tiny: 7 days" in said(capfd)
    run_extend("tiny", "kim", 0, None)
    assert "tiny: the extension is taken back." in said(capfd)
    with pytest.raises(UsageError, match="Nobody is called 'kin'"):
        run_extend("tiny", "kin", 7, None)


def test_release_for_programs_is_one_json_object(
    content: Unit, shared: Path, tmp_path: Path, capfd: Any
) -> None:
    run_course(tmp_path / "course", "c1", None)
    capfd.readouterr()
    cohort = write_cohort(tmp_path / "next.toml")
    run_release("tiny", tmp_path / "course", cohort, as_json=True)
    told = json.loads(capfd.readouterr().out)
    assert (told["course"], told["exchange"]) == ("c1", str(shared))
    assert [(r["name"], r["part"]) for r in told["assignments"]] == [
        ("tiny-practice", "practice"),
        ("tiny", "graded"),
    ]
    # the file that set the dates is kept with the course
    assert (tmp_path / "course" / "cohorts" / "next.toml").is_file()


def test_several_cohorts_need_a_word_on_which_sets_the_dates(
    content: Unit, shared: Path, tmp_path: Path
) -> None:
    run_course(tmp_path / "course", "c1", write_cohort(tmp_path / "a.toml"))
    write_cohort(tmp_path / "course" / "cohorts" / "b.toml")
    with pytest.raises(GradingError, match="several cohorts"):
        run_release("tiny", tmp_path / "course", None, as_json=True)


def test_a_wrong_cohort_is_refused_before_a_course_is_made(content: Unit, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('id = "a b"', encoding="utf-8")
    with pytest.raises(GradingError, match="without spaces"):
        run_course(tmp_path / "course", None, tmp_path / "c.toml")
    assert not (tmp_path / "course").exists()


@pytest.mark.parametrize("name", ["a b", "a/b", "*", "+"])
def test_an_id_that_nbgrader_cannot_use_is_refused(
    content: Unit, tmp_path: Path, name: str
) -> None:
    with pytest.raises(UsageError, match="cannot be a course id"):
        run_course(tmp_path / "course", name, None)
    assert not (tmp_path / "course").exists()


def test_another_id_for_a_course_that_is_there_is_refused(content: Unit, tmp_path: Path) -> None:
    run_course(tmp_path / "course", "first", None)
    with pytest.raises(UsageError, match="has the id 'first' already"):
        run_course(tmp_path / "course", "second", None)
    run_course(tmp_path / "course", "first", None)


def test_without_a_course_the_way_to_one_is_named(
    content: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GradingError, match="no nbgrader course here") as caught:
        run_collect("tiny", None, as_json=True)
    assert "upskill course DIR" in caught.value.fix


def test_a_configuration_that_cannot_be_read_is_named(content: Unit, tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("1 / 0", encoding="utf-8")
    with pytest.raises(GradingError, match="ZeroDivisionError") as caught:
        run_collect("tiny", tmp_path, as_json=True)
    assert caught.value.where == str(tmp_path / "nbgrader_config.py")


def test_a_course_without_the_kits_configuration_is_named(content: Unit, tmp_path: Path) -> None:
    text = "get_config().CourseDirectory.course_id = 'x'\n"
    (tmp_path / "nbgrader_config.py").write_text(text, encoding="utf-8")
    with pytest.raises(GradingError, match="does not use the kit's configuration"):
        run_collect("tiny", tmp_path, as_json=True)


def test_asking_needs_a_trainers_course(content: Unit, tmp_path: Path) -> None:
    with pytest.raises(GradingError, match="no trainer's course"):
        run_ask("tiny:memo", "Why?", tmp_path / "home", "en")
