"""Hostile submissions among good ones, through ``upskill grade``: each fails alone, at most."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from course_helpers import RIGHT, answered, grades, hand_in, make_course

from kit.grading.batch import Graded, grade
from kit.grading.course import Course
from kit.grading.remarks import DIED
from kit.model import Unit
from kit.runner.level import unfenced
from tests.attacks.spoiling import NAMES
from tests.attacks.world import SECRET

pytestmark = [
    pytest.mark.grading,
    pytest.mark.skipif(bool(unfenced()), reason="nothing can be fenced here"),
]
FULL = {"count": (1.0, None, False), "total": (1.0, None, False)}
RIGHT_WORK = ("good", "links", "files", "pipe", "nested", "widgets", "kernel", "later")
LATER = "import subprocess\nsubprocess.Popen(['sh', '-c', 'sleep 1; echo 198 > {gradebook}'])\n"


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


def with_metadata(notebook: Any, **metadata: Any) -> Any:
    return {**notebook, "metadata": {**notebook["metadata"], **metadata}}


@pytest.fixture(scope="module")
def course(content: Unit, tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = make_course(tmp_path_factory.mktemp("hostile") / "course", content)
    secret = course.root / "source" / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    right = answered(content, **RIGHT)
    state = {"m": {"model_name": "x", "state": {"v": "y" * 5_000_000}}}
    works = {
        "good": right,
        "links": right,
        "files": right,
        "pipe": right,
        "deep": b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "nested": with_metadata(right, deep=nested(400)),
        "widgets": with_metadata(
            right, widgets={"application/vnd.jupyter.widget-state+json": {"state": state}}
        ),
        "kernel": with_metadata(
            right, kernelspec={"name": "../../evil", "display_name": "x", "language": "bash"}
        ),
        "later": answered(
            content,
            count=LATER.format(gradebook=course.root / "gradebook.db") + RIGHT["count"],
            total=RIGHT["total"],
        ),
        "exits": answered(content, count=RIGHT["count"], total="import os; os._exit(0)"),
    }
    folders = {name: hand_in(course, content, name, work) for name, work in works.items()}
    (folders["links"] / "data.txt").symlink_to(secret)
    (folders["links"] / "course").symlink_to(course.root)
    os.link(secret, folders["links"] / "second.txt")
    os.mkfifo(folders["pipe"] / "data.txt")
    for name in NAMES:
        path = folders["files"] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("raise SystemExit('poisoned')", encoding="utf-8")
    return course


@pytest.fixture(scope="module")
def graded(course: Course, content: Unit) -> dict[str, Graded]:
    return {one.learner: one for one in grade(course, content, jobs=2)}


@pytest.mark.parametrize("learner", RIGHT_WORK)
def test_right_work_keeps_its_points(
    course: Course, graded: dict[str, Graded], content: Unit, learner: str
) -> None:
    assert graded[learner].state == "graded", graded[learner].why
    assert grades(course, "tiny-practice", learner).items() >= FULL.items()


def test_what_was_earned_before_an_exit_is_kept(course: Course, graded: dict[str, Graded]) -> None:
    assert grades(course, "tiny-practice", "exits").items() >= {"count": FULL["count"]}.items()
    assert str(DIED) in str(graded["exits"].why)


def test_what_no_reader_gets_to_the_end_of_fails_alone(graded: dict[str, Graded]) -> None:
    assert graded["deep"].state == "failed"
    assert graded["deep"].why


def test_links_and_pipes_are_named_and_lead_nowhere(
    course: Course, graded: dict[str, Graded]
) -> None:
    assert "course, data.txt, second.txt" in str(graded["links"].why)
    assert "data.txt" in str(graded["pipe"].why)
    found = [
        path
        for path in (course.root / "autograded").rglob("*")
        if path.is_symlink() or (path.is_file() and SECRET.encode() in path.read_bytes())
    ]
    assert found == []
    assert (course.root / "source" / "secret.txt").read_text(encoding="utf-8") == SECRET


def test_nbgraders_own_command_follows_no_link_either(course: Course) -> None:
    from nbgrader.converters import Autograde

    folder = course.submitted("good", "tiny-practice")
    (folder / "data.txt").symlink_to(course.root / "source" / "secret.txt")
    with course.at_work("Grading"):
        course.convert(Autograde, "tiny-practice", "good")
    done = course.autograded("good", "tiny-practice")
    assert not (done / "data.txt").exists()
    assert not Path(folder / "data.txt").is_symlink()
