"""What a learner's code leaves in its folder is taken away, and what it changed is put back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from kit.grading import left
from kit.grading.left import bring, take_back


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A graded folder, and what was handed in."""
    graded, handed = tmp_path / "graded", tmp_path / "handed"
    for folder in (graded, handed):
        (folder / "data").mkdir(parents=True)
        for name in ("answers.json", "work.ipynb", "data/table.csv"):
            (folder / name).write_text("as handed in", encoding="utf-8")
    return graded, handed


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_new_files_folders_and_links_go(folders: tuple[Path, Path], tmp_path: Path) -> None:
    graded, handed = folders
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (graded / "deep" / "er").mkdir(parents=True)
    (graded / "deep" / "er" / "leak.txt").write_text("hidden", encoding="utf-8")
    (graded / "to_file").symlink_to(tmp_path / "secret")
    (graded / "to_folder").symlink_to(tmp_path)
    take_back(graded, handed)
    assert names(graded) == names(handed)
    assert (tmp_path / "secret").is_file()


def test_what_was_changed_or_turned_into_a_link_is_put_back(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    graded, handed = folders
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (graded / "answers.json").write_text("hidden", encoding="utf-8")
    (graded / "data" / "table.csv").unlink()
    (graded / "data" / "table.csv").symlink_to(tmp_path / "secret")
    (graded / "work.ipynb").write_text("executed by nbgrader", encoding="utf-8")
    take_back(graded, handed)
    assert (graded / "answers.json").read_text() == "as handed in"
    assert not (graded / "data" / "table.csv").is_symlink()
    assert (graded / "data" / "table.csv").read_text() == "as handed in"
    assert (graded / "work.ipynb").read_text() == "executed by nbgrader"


def after_a_run(graded: Path, tmp_path: Path) -> Path:
    """The folder that a run had to itself: a copy, as a room makes it."""
    return Path(shutil.copytree(graded, tmp_path / "ran", symlinks=True))


def test_what_a_run_made_or_changed_comes_back_but_notebooks(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    graded, _ = folders
    ran = after_a_run(graded, tmp_path)
    (ran / "data" / "table.csv").write_text("changed by the run", encoding="utf-8")
    (ran / "deep" / "er").mkdir(parents=True)
    (ran / "deep" / "er" / "plot.png").write_bytes(b"made")
    for name in ("work.ipynb", "more.ipynb"):
        (ran / name).write_text("not the grader's", encoding="utf-8")
    assert bring(ran, graded) == (2, [])
    assert (graded / "data" / "table.csv").read_text() == "changed by the run"
    assert (graded / "deep" / "er" / "plot.png").read_bytes() == b"made"
    assert (graded / "work.ipynb").read_text() == "as handed in"
    assert not (graded / "more.ipynb").exists()


def test_links_pipes_and_second_names_of_files_are_left_behind(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    graded, _ = folders
    ran = after_a_run(graded, tmp_path)
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (ran / "link").symlink_to(tmp_path / "secret")
    (ran / "folder").symlink_to(tmp_path)
    os.link(tmp_path / "secret", ran / "second")
    os.mkfifo(ran / "pipe")
    (ran / "data" / "table.csv").unlink()
    (ran / "data" / "table.csv").mkdir()
    (ran / "data" / "table.csv" / "x").write_text("below a file", encoding="utf-8")
    behind = {"link", "folder", "second", "pipe", "data/table.csv/x"}
    brought, told = bring(ran, graded)
    assert (brought, set(told)) == (0, behind)
    assert names(graded) == {"answers.json", "work.ipynb", "data", "data/table.csv"}


def test_nothing_is_written_through_a_link_that_was_handed_in(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    graded, _ = folders
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "told").write_text("ours", encoding="utf-8")
    (graded / "way").symlink_to(outside)
    (graded / "file").symlink_to(outside / "told")
    ran = after_a_run(graded, tmp_path)
    for name in ("way", "file"):
        (ran / name).unlink()
    (ran / "way").mkdir()
    (ran / "way" / "told").write_text("theirs", encoding="utf-8")
    (ran / "file").write_text("theirs", encoding="utf-8")
    assert bring(ran, graded) == (1, ["way/told"])
    assert (outside / "told").read_text() == "ours"
    assert (graded / "file").read_text() == "theirs"


def test_a_run_that_made_too_much_brings_back_a_part(
    folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graded, _ = folders
    ran = after_a_run(graded, tmp_path)
    monkeypatch.setattr(left, "MOST_BYTES", 100)
    for number in range(4):
        (ran / f"{number}.bin").write_bytes(bytes(40))
    brought, behind = bring(ran, graded)
    assert (brought, len(behind)) == (2, 2)
    assert len([name for name in names(graded) if name.endswith(".bin")]) == 2
