"""The folder that a proof works in, and the one that it leaves behind."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.runner.afresh import Afresh
from tests.conftest import remove

FILES = ("judge.py", "data/nine.txt")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Afresh:
    made = Afresh(tmp_path / "work", tmp_path / "source", FILES)
    for place, text in ((made.work, "the learner's"), (made.source, "the trainer's")):
        for name in FILES:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, encoding="utf-8")
    (made.work / "mine.txt").write_text("mine", encoding="utf-8")
    (made.work / "mine").mkdir()
    monkeypatch.chdir(made.work)
    return made


def texts() -> dict[str, str]:
    return {str(p): p.read_text(encoding="utf-8") for p in sorted(Path().rglob("*.*"))}


def test_it_has_the_trainers_files_among_the_learners(folder: Afresh) -> None:
    (folder.work / "__pycache__").mkdir()
    folder.enter()
    theirs = dict.fromkeys(FILES, "the trainer's")
    assert texts() == {**theirs, "mine.txt": "mine"}
    assert not Path("__pycache__").exists()
    assert Path.cwd() == folder.work
    assert folder.changed() == "judge.py"


def test_nothing_that_is_written_there_comes_back(folder: Afresh) -> None:
    before = texts()
    folder.enter()
    for path in Path().rglob("*.txt"):
        path.unlink()
    folder.leave()
    os.chdir(folder.work)
    assert texts() == before
    assert {path.name for path in folder.work.parent.iterdir()} == {"work", "source"}
    folder.leave()
    assert texts() == before


@pytest.mark.parametrize(("here", "there"), [("data", "data"), ("mine", "."), ("..", ".")])
def test_it_begins_in_a_folder_of_the_trainers(folder: Afresh, here: str, there: str) -> None:
    os.chdir(here)
    folder.enter()
    assert Path.cwd() == (folder.work / there).resolve()


def test_a_link_in_place_of_a_folder_leads_nowhere(folder: Afresh) -> None:
    Path("data/nine.txt").unlink()
    Path("data").rmdir()
    Path("data").symlink_to("mine")
    folder.enter()
    assert texts()["data/nine.txt"] == "the trainer's"
    assert list(Path("mine").iterdir()) == []
    assert folder.changed() == "judge.py"


def test_what_cannot_be_copied_is_left_out(folder: Afresh) -> None:
    os.mkfifo("pipe.txt")
    folder.enter()
    assert "pipe.txt" not in texts()
    assert "mine.txt" in texts()


def test_what_lies_too_deep_keeps_the_trainers_files(folder: Afresh) -> None:
    for _ in range(1500):
        Path("deep").mkdir()
        os.chdir("deep")
    os.chdir(folder.work)
    folder.enter()
    assert texts()["data/nine.txt"] == "the trainer's"
    folder.leave()
    remove(folder.work.parent)


def rewrite(folder: Afresh) -> None:
    path = Path("data/nine.txt")
    before = path.read_text(encoding="utf-8")
    path.write_text("false", encoding="utf-8")
    path.write_text(before, encoding="utf-8")


def swap(folder: Afresh) -> None:
    Path("data").rename("elsewhere")
    Path("elsewhere").rename("data")


def swap_all(folder: Afresh) -> None:
    folder.work.rename(folder.work.with_name("elsewhere"))
    folder.work.with_name("elsewhere").rename(folder.work)


def go(folder: Afresh) -> None:
    os.chdir("mine")
    os.chdir(folder.work)


def nothing(folder: Afresh) -> None:
    Path("new.txt").touch()


@pytest.mark.parametrize(
    ("deed", "told", "when_it_may_move"),
    [
        (rewrite, "data/nine.txt", "data/nine.txt"),
        (swap, "data", "data"),
        (swap_all, "..", ".."),
        (go, ".", ""),
        (nothing, "", ""),
    ],
)
def test_what_is_touched_is_seen_though_it_is_put_back(
    folder: Afresh, deed: Callable[[Afresh], None], told: str, when_it_may_move: str
) -> None:
    folder.enter()
    watch = folder.watch()
    deed(folder)
    assert watch.touched(moves=False) == told
    assert watch.touched(moves=True) == when_it_may_move


def test_without_files_of_the_trainers_it_stays_where_it_was(tmp_path: Path) -> None:
    (tmp_path / "work" / "mine").mkdir(parents=True)
    made = Afresh(tmp_path / "work", tmp_path, ())
    here = Path.cwd()
    try:
        os.chdir(tmp_path / "work" / "mine")
        made.enter()
        assert Path.cwd() == tmp_path / "work" / "mine"
        assert made.changed() == ""
    finally:
        os.chdir(here)
