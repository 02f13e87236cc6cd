"""Where a course's exchange is: kept with the course, whatever the next shell knows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from lifecycle_helpers import answer_all, collected, joined_home, submit
from test_plain_nbgrader import nbgrader

from kit.errors import GradingError
from kit.grading.course import Course, open_course
from kit.grading.exchange import KEPT, exchange_root
from kit.grading.make_course import make_course
from kit.grading.release import release
from kit.model import Unit
from tests.conftest import become

pytestmark = pytest.mark.grading


@pytest.fixture
def first(content: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The exchange that the shell of ``upskill course`` names."""
    become(tmp_path, monkeypatch)
    place = tmp_path / "first"
    monkeypatch.setenv("UPSKILL_EXCHANGE", str(place))
    return place


def next_shell(course: Course, patch: pytest.MonkeyPatch, exchange: Path | None = None) -> Course:
    patch.delenv("UPSKILL_EXCHANGE")
    if exchange is not None:
        patch.setenv("UPSKILL_EXCHANGE", str(exchange))
    return open_course(course.root)


def test_the_next_shell_uses_the_exchange_of_the_first(
    content: Unit, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = next_shell(make_course(tmp_path / "course", "mig26"), monkeypatch)
    release(course, content)
    assert (first / "mig26" / "outbound" / "tiny").is_dir()
    kim = joined_home(course, first, "kim", tmp_path / "kim")
    answer_all(kim, content)
    submit(kim, content)
    nbgrader(course.root, "collect", "tiny")
    assert (course.root / "submitted" / "kim" / "tiny").is_dir()
    assert collected(course, content)["kim", "tiny-practice"].state == "new"
    assert not (course.root / "exchange").exists()


def test_the_first_release_keeps_what_its_shell_names(
    content: Unit, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = make_course(tmp_path / "course", "mig26")
    # nothing lies in the first yet: another name loses nothing
    second = tmp_path / "second"
    release(next_shell(course, monkeypatch, second), content)
    assert exchange_root(next_shell(course, monkeypatch)) == second
    assert not first.exists()


def test_another_exchange_in_the_environment_is_refused_with_both_places(
    content: Unit, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = make_course(tmp_path / "course", "mig26")
    release(course, content)
    second = tmp_path / "second"
    again = next_shell(course, monkeypatch, second)
    for command in (collected, release):
        with pytest.raises(GradingError, match="unset UPSKILL_EXCHANGE") as caught:
            command(again, content)
        assert str(first) in caught.value.what
        assert str(second) in caught.value.what
    # bringing the course up to date changes nothing about it
    make_course(course.root, "mig26")
    assert exchange_root(open_course(course.root)) == first
    assert not second.exists()


def test_an_exchange_that_moved_is_said_and_the_way_given_works(
    content: Unit, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = make_course(tmp_path / "course", "mig26")
    release(course, content)
    course = next_shell(course, monkeypatch)
    first.rename(tmp_path / "second")
    for command in (collected, release):
        with pytest.raises(GradingError, match="not there any more") as caught:
            command(course, content)
        assert caught.value.where == str(first)
    assert not first.exists()
    (course.root / KEPT).unlink()
    monkeypatch.setenv("UPSKILL_EXCHANGE", str(tmp_path / "second"))
    make_course(course.root, "mig26")
    collected(next_shell(course, monkeypatch), content)
    assert json.loads((course.root / KEPT).read_text("utf-8"))["released"] is True


def test_an_exchange_in_the_course_moves_with_it(
    content: Unit, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UPSKILL_EXCHANGE")
    course = make_course(tmp_path / "course", "mig26")
    release(course, content)
    shutil.move(course.root, tmp_path / "elsewhere")
    moved = open_course(tmp_path / "elsewhere")
    assert exchange_root(moved) == tmp_path / "elsewhere" / "exchange"
    collected(moved, content)


def test_what_the_configuration_names_comes_before_what_is_kept(
    content: Unit, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = make_course(tmp_path / "course", "mig26")
    release(course, content)
    config = course.root / "nbgrader_config.py"
    other = tmp_path / "other"
    config.write_text(
        f"{config.read_text('utf-8')}\nget_config().Exchange.root = {str(other)!r}\n", "utf-8"
    )
    release(open_course(course.root), content)
    assert (other / "mig26" / "outbound" / "tiny").is_dir()


def test_a_damaged_note_is_named(content: Unit, first: Path, tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", "mig26")
    (course.root / KEPT).write_text("{", encoding="utf-8")
    with pytest.raises(GradingError, match="note of its exchange is damaged") as caught:
        open_course(course.root)
    assert KEPT in str(caught.value)
