"""nbgrader's own commands on a course of ours, on both sides of the exchange."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from grading_helpers import edit
from lifecycle_helpers import collected, joined_home, submit

from kit.grading.exchange import exchange_root
from kit.grading.make_course import make_course
from kit.model import Part, Unit

pytestmark = pytest.mark.grading


def nbgrader(folder: Path, *words: str) -> str:
    tools = Path(sys.executable).parent
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [tools / "nbgrader", *words],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_release_fetch_submit_and_collect_by_nbgrader_itself(content: Unit, tmp_path: Path) -> None:
    # no exchange is named anywhere: both sides must come to the same folder
    course = make_course(tmp_path / "course", "mig26")
    nbgrader(course.root, "generate_assignment", "tiny")
    nbgrader(course.root, "release_assignment", "tiny")
    exchange = exchange_root(course)
    assert (exchange / "mig26" / "outbound" / "tiny" / "course.json").is_file()

    # one learner with the kit, one with nbgrader alone
    kim = joined_home(course, exchange, "kim", tmp_path / "kim")
    edit(kim, content, Part.GRADED, memo="The biggest disk decides.")
    submit(kim, content)
    learner = tmp_path / "lee"
    learner.mkdir()
    words = ("tiny", "--course", "mig26", f"--Exchange.root={exchange}")
    nbgrader(learner, "fetch_assignment", *words)
    told = json.loads((learner / "tiny" / "course.json").read_text(encoding="utf-8"))
    assert told == {"format": 1, "course": "mig26", "due": None, "most_bytes": 100_000_000}
    nbgrader(learner, "submit", *words, "--student", "lee")

    nbgrader(course.root, "collect", "tiny")
    assert {p.name for p in (course.root / "submitted").iterdir()} == {"kim", "lee"}
    rows = collected(course, content)
    assert {rows[name, "tiny"].state for name in ("kim", "lee")} == {"unchanged"}
