"""The trainer's side holds the secret; a learner's data follow from it and from their name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kit.errors import GradingError
from kit.grading.identity import course_secret, grading_identity


def seed(course: Path, learner: str = "kim", assignment: str = "tiny") -> int:
    return int(
        json.loads(grading_identity(course, "self", learner, assignment, "en"))["hidden_seed"]
    )


def test_secret_is_made_once_and_stays(tmp_path: Path) -> None:
    first = course_secret(tmp_path)
    assert len(first) == 32
    assert course_secret(tmp_path) == first


def test_a_secret_is_whole_or_not_there(tmp_path: Path) -> None:
    # a full disk, a killed process: another one may look at any moment
    code = (
        "import pathlib, resource, sys\nfrom kit.grading.identity import course_secret\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "course_secret(pathlib.Path(sys.argv[1]))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "File too large" in done.stderr
    assert len(course_secret(tmp_path)) == 32
    assert [path.name for path in (tmp_path / "private").iterdir()] == ["secret"]


def test_two_courses_and_two_learners_meet_different_data(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    assert len({seed(one), seed(one, "lee"), seed(other)}) == 3
    assert seed(one) == seed(one)


def test_practice_and_graded_part_belong_to_one_unit(tmp_path: Path) -> None:
    assert seed(tmp_path, assignment="tiny-practice") == seed(tmp_path, assignment="tiny")


def test_damaged_secret_is_an_error_and_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "private" / "secret"
    path.parent.mkdir()
    path.write_bytes(b"short")
    with pytest.raises(GradingError, match="5 bytes") as caught:
        course_secret(tmp_path)
    assert caught.value.where == str(path)
    assert path.read_bytes() == b"short"
