"""What a learner's code leaves in its folder is taken away, and what it changed is put back."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.grading.left import take_back


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
