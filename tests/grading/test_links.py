"""What leads out of a submission is removed and named; what is its own stays."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kit.grading.links import before_converting, remove_links, take_remark


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    for name in ("source/a/hidden.txt", "submitted/kim/a/work.txt", "history/kim/work.txt"):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(name, encoding="utf-8")
    return root


def test_links_pipes_and_second_names_of_the_courses_files_go(course: Path) -> None:
    folder = course / "submitted" / "kim" / "a"
    (folder / "link").symlink_to("/etc/shadow")
    (folder / "deep").mkdir()
    (folder / "deep" / "folder").symlink_to(course)
    os.mkfifo(folder / "pipe")
    os.link(course / "source/a/hidden.txt", folder / "second")
    remove_links(folder, course)
    assert sorted(path.name for path in folder.rglob("*")) == ["deep", "work.txt"]
    (remark,) = take_remark(folder)
    assert {"link", "deep/folder", "pipe", "second"} <= set(
        remark.partition(": ")[2].rstrip(".").split(", ")
    )
    assert take_remark(folder) == []
    assert (course / "source/a/hidden.txt").is_file()


def test_a_second_name_among_submissions_is_no_link_out(course: Path) -> None:
    folder = course / "submitted" / "kim" / "a"
    (folder / "work.txt").unlink()
    os.link(course / "history/kim/work.txt", folder / "work.txt")
    remove_links(folder, course)
    assert (folder / "work.txt").is_file()
    assert take_remark(folder) == []


def test_nbgrader_calls_it_for_each_submission(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course)
    folder = course / "submitted" / "kim" / "a"
    (folder / "data").symlink_to("/etc/passwd")
    before_converting(assignment="a", student="*", notebooks=[str(folder / "work.ipynb")])
    assert not (folder / "data").is_symlink()
