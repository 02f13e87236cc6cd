"""What is handed in is complete, small, and never lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from grading_helpers import change, edit

from kit.answers import ANSWERS, AnswerFile
from kit.errors import GradingError, HomeError
from kit.grading.snapshot import FILE_LIMIT, not_ready_because, take_snapshot
from kit.model import Part, Unit
from kit.notebooks import Notebook

pytestmark = pytest.mark.grading


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    work = tmp_path / "tiny"
    (work / "data").mkdir(parents=True)
    (work / "assignment.ipynb").write_text("{}", encoding="utf-8")
    (work / "answers.json").write_text('{"items": {}}', encoding="utf-8")
    (work / "data" / "own.csv").write_text("a,b\n", encoding="utf-8")
    return work


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    root.mkdir()
    return root


def submitted(course: Path) -> dict[str, bytes]:
    root = course / "submitted" / "kim" / "tiny"
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_notebook_answers_and_files_go_along_with_the_time(folder: Path, course: Path) -> None:
    moment = take_snapshot(folder, course, "kim", "tiny")
    files = submitted(course)
    assert set(files) == {"assignment.ipynb", "answers.json", "data/own.csv", "timestamp.txt"}
    from nbgrader.utils import parse_utc

    assert parse_utc(files["timestamp.txt"].decode().strip()) == moment.replace(tzinfo=None)


def test_hidden_files_caches_and_links_stay_behind(folder: Path, course: Path) -> None:
    for name in (".ipynb_checkpoints", "__pycache__", ".git"):
        (folder / name).mkdir()
        (folder / name / "x").write_text("x", encoding="utf-8")
    (folder / ".env").write_text("KEY=1", encoding="utf-8")
    outside = folder.parent / "private.txt"
    outside.write_text("secret", encoding="utf-8")
    (folder / "link.txt").symlink_to(outside)
    take_snapshot(folder, course, "kim", "tiny")
    assert set(submitted(course)) == {
        "assignment.ipynb",
        "answers.json",
        "data/own.csv",
        "timestamp.txt",
    }


def test_a_trainers_feedback_is_no_part_of_the_next_submission(folder: Path, course: Path) -> None:
    (folder / "feedback" / "2026").mkdir(parents=True)
    (folder / "feedback" / "2026" / "assignment.html").write_text("well done", encoding="utf-8")
    (folder / "data" / "feedback").mkdir()
    (folder / "data" / "feedback" / "mine.csv").write_text("a\n", encoding="utf-8")
    take_snapshot(folder, course, "kim", "tiny")
    assert "feedback/2026/assignment.html" not in submitted(course)
    assert "data/feedback/mine.csv" in submitted(course)


def test_what_is_too_big_stays_behind_and_is_named(folder: Path, course: Path) -> None:
    with (folder / "export.csv").open("wb") as stream:
        stream.truncate(FILE_LIMIT + 1)
    take_snapshot(folder, course, "kim", "tiny")
    files = submitted(course)
    assert "export.csv" not in files
    assert files["left_behind.txt"].decode() == f"export.csv ({FILE_LIMIT + 1} bytes)\n"


def test_each_earlier_submission_is_kept(folder: Path, course: Path) -> None:
    for text in ("one", "two", "three"):
        (folder / "answers.json").write_text(text, encoding="utf-8")
        take_snapshot(folder, course, "kim", "tiny")
    assert submitted(course)["answers.json"] == b"three"
    history = course / "history" / "kim" / "tiny"
    assert sorted(p.read_text(encoding="utf-8") for p in history.glob("*/answers.json")) == [
        "one",
        "two",
    ]


def test_unwritable_course_is_an_error_that_leaves_the_last_submission(
    folder: Path, course: Path
) -> None:
    take_snapshot(folder, course, "kim", "tiny")
    before = submitted(course)
    # a file where the history folder should be: fails for root too
    (course / "history").write_text("in the way", encoding="utf-8")
    with pytest.raises(GradingError, match="could not be copied"):
        take_snapshot(folder, course, "kim", "tiny")
    assert submitted(course) == before
    assert not list(course.glob(".incoming-*"))


def test_starter_is_not_ready_and_a_deleted_answer_is_no_answer(
    new_home: Any, content: Unit
) -> None:
    home = new_home()
    assert not_ready_because(home, content, Part.PRACTICE)

    def delete(notebook: Notebook) -> None:
        notebook["cells"] = [c for c in notebook["cells"] if c["id"] != "count-answer"]

    change(home, content, Part.PRACTICE, delete)
    assert not_ready_because(home, content, Part.PRACTICE)


def test_one_answer_or_one_sentence_makes_a_part_ready(new_home: Any, content: Unit) -> None:
    home = new_home("ko")
    edit(home, content, Part.PRACTICE, count="count = 1")
    edit(home, content, Part.GRADED, memo="Disk 3 fills up first.")
    assert not_ready_because(home, content, Part.PRACTICE) == ""
    assert not_ready_because(home, content, Part.GRADED) == ""


def test_missing_notebook_is_not_ready_and_says_how_to_get_it_back(
    new_home: Any, content: Unit
) -> None:
    home = new_home()
    home.notebook(content, Part.GRADED).unlink()
    assert "upskill start" in not_ready_because(home, content, Part.GRADED)


def test_an_answered_form_hands_in_no_damaged_notebook(new_home: Any, content: Unit) -> None:
    home = new_home()
    path = home.notebook(content, Part.PRACTICE)
    AnswerFile(path.with_name(ANSWERS)).put("exercises", "count", {"value": 1})
    assert not_ready_because(home, content, Part.PRACTICE) == ""
    change(home, content, Part.PRACTICE, lambda notebook: notebook["cells"].append(None))
    with pytest.raises(HomeError, match="upskill update"):
        not_ready_because(home, content, Part.PRACTICE)


def test_a_folder_in_a_notebooks_place_is_not_called_missing(new_home: Any, content: Unit) -> None:
    home = new_home()
    path = home.notebook(content, Part.PRACTICE)
    path.unlink()
    path.mkdir()
    with pytest.raises(HomeError, match="folder"):
        not_ready_because(home, content, Part.PRACTICE)
