"""Files that are no work, between two who handed in theirs: one fails, the others are graded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from test_any_course import CELLS, notebook
from traitlets.config import Config

from kit.grading.batch import grade
from kit.grading.course import any_course
from kit.grading.handed import digest
from kit.grading.stamps import STAMP, stamp_fault
from tests.conftest import remove

pytestmark = [pytest.mark.grading]


def stamped(text: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / STAMP).write_bytes(text)


def deep(folder: Path) -> None:
    here = os.open(folder, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)


def pipe(folder: Path) -> None:
    (folder / "book.ipynb").unlink()
    os.mkfifo(folder / "book.ipynb")


def endless(folder: Path) -> None:
    (folder / "book.ipynb").unlink()
    (folder / "book.ipynb").symlink_to("/dev/zero")


def torn(stamp: Callable[[Path], object]) -> Callable[[Path], None]:
    def both(folder: Path) -> None:
        (folder / "book.ipynb").write_text("{", encoding="utf-8")
        stamp(folder)

    return both


HOSTILE: dict[str, Callable[[Path], object]] = {
    "words": stamped(b"tomorrow at noon"),
    "bytes": stamped(b"\xff\xfe"),
    "nines": stamped(b"9" * 60),
    "year one": stamped(b"0001-01-01 00:00:00 UTC"),
    "folder": lambda folder: (folder / STAMP).mkdir(),
    "pipe for a time": lambda folder: os.mkfifo(folder / STAMP),
    "torn, endless time": torn(lambda folder: (folder / STAMP).symlink_to("/dev/zero")),
    "torn, pipe": torn(lambda folder: os.mkfifo(folder / STAMP)),
    "pipe": pipe,
    "endless": endless,
    "deep": deep,
}


def odd(folder: Path) -> None:
    """Half a character is printed, and the kit's metadata is none."""
    one = notebook(f"print('\\ud800')\n{CELLS['f']}")
    one.metadata["kit"] = 5
    nbformat.write(one, folder / "book.ipynb")


ODD = {"odd": odd}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A plain course with every hostile hand-in between two that are right."""
    made = tmp_path_factory.mktemp("hostile") / "course"
    for learner in ("./a", "alice/a", "zoe/a", *(f"{name}/a" for name in HOSTILE | ODD)):
        source = learner == "./a"
        folder = made / ("source" if source else "submitted") / learner
        folder.mkdir(parents=True)
        nbformat.write(notebook(CELLS["f"]), folder / "book.ipynb")
        if not source and (spoil := (HOSTILE | ODD).get(folder.parent.name)):
            spoil(folder)
    (made / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.student_id_exclude = "left"\n', encoding="utf-8"
    )
    shutil.copytree(made / "submitted" / "alice", made / "submitted" / "left")
    course = any_course(made)
    with course.at_work("Releasing"):
        config = Config(course.config)
        GenerateAssignment(coursedir=course.directory("a", "*"), config=config).start()
    yield made
    remove(made)


def test_each_fails_alone_and_says_why(root: Path) -> None:
    found = {one.learner: one for one in grade(any_course(root), "a", jobs=2)}
    assert {name: found[name].score for name in ("alice", "odd", "zoe")} == {
        "alice": 3.0,
        "odd": 3.0,
        "zoe": 3.0,
    }
    failed = {name for name, one in found.items() if one.state != "graded"}
    assert failed == set(HOSTILE)
    assert all(found[name].why for name in failed)
    assert f"{STAMP} says no time" in str(found["words"].why)
    # as nbgrader leaves out who is named in its configuration
    assert "left" not in found


def test_what_cannot_be_read_has_a_digest_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1", encoding="utf-8")
    before = digest(tmp_path)
    deep(tmp_path)
    assert digest(tmp_path) == before
    (tmp_path / "b").write_text("2", encoding="utf-8")
    assert digest(tmp_path) != before
    remove(tmp_path)


@pytest.mark.parametrize("text", ["", "None", "2026-11-20 10:00:00.000000 UTC", "2026-11-20"])
def test_a_time_as_nbgrader_writes_it_is_one(tmp_path: Path, text: str) -> None:
    assert stamp_fault(tmp_path) == ""
    (tmp_path / STAMP).write_text(text, encoding="utf-8")
    assert stamp_fault(tmp_path) == ""


def test_scores_that_nbgrader_has_forgotten_are_made_again(root: Path) -> None:
    course = any_course(root)
    grade(course, "a", ["zoe"], jobs=1)
    with course.at_work("Removing"), Gradebook(course.db_url, course.course_id) as gradebook:
        gradebook.remove_submission("a", "zoe")
    (again,) = grade(course, "a", ["zoe"], jobs=1)
    assert (again.learner, again.state, again.score) == ("zoe", "graded", 3.0)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        assert gradebook.find_submission("a", "zoe").score == 3.0
    (kept,) = grade(course, "a", ["zoe"], jobs=1)
    assert (kept.learner, kept.state) == ("zoe", "kept")
