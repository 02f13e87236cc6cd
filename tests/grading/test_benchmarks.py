"""What the timings of grading rest on: CPU of forgotten forks, and equal gradebooks."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from benchmarks.cpu import cpu_of, own_group
from benchmarks.gradebook import differences, everything, settings

pytestmark = [pytest.mark.grading]
# a child that nobody waits for takes the time, as a forked kernel does
FORGOTTEN = """
import contextlib, os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
forgotten = os.fork()
if not forgotten:
    while time.process_time() < 0.5:
        pass
    os._exit(0)
with contextlib.suppress(ProcessLookupError):
    while True:
        os.kill(forgotten, 0)
        time.sleep(0.01)
"""


@pytest.mark.parametrize("kinds", [("cgroup2",), ("cgroup",), ()])
def test_a_fork_that_nobody_waits_for_counts(kinds: tuple[str, ...], tmp_path: Path) -> None:
    with own_group(kinds) as group:
        # a system that lets no group be made is sampled
        assert group is None or group.kind in kinds
        took = cpu_of(
            [sys.executable, "-S", "-c", FORGOTTEN],
            group=group,
            cwd=tmp_path,
            env=dict(os.environ),
            log=tmp_path / "log",
        )
    assert 0.45 < took < 1.5
    assert group is None or not group.folder.exists()


@pytest.fixture(scope="module")
def gradebook(tools_on_path: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "gradebook.db"
    with Gradebook(f"sqlite:///{path}") as made:
        made.add_assignment("bench")
        made.add_notebook("work", "bench")
        made.add_grade_cell("test", "work", "bench", max_score=2, cell_type="code")
        made.add_solution_cell("answer", "work", "bench")
        made.add_student("kim")
        made.add_submission("bench", "kim")
    return path


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("grade", "auto_score", 1),
        ("grade", "manual_score", 1),
        ("grade", "extra_credit", 1),
        ("grade", "needs_manual_grade", 0),
        ("comment", "auto_comment", "x"),
        ("comment", "manual_comment", "x"),
        ("submitted_notebook", "late_submission_penalty", 1),
        ("submitted_assignment", "timestamp", "2026-11-01 10:00:00.000001"),
        ("submitted_assignment", "extension", "1970-01-02 00:00:00.000000"),
    ],
)
def test_every_column_is_compared(
    gradebook: Path, tmp_path: Path, table: str, column: str, value: object
) -> None:
    other = tmp_path / "gradebook.db"
    shutil.copy(gradebook, other)
    assert differences(everything(gradebook), everything(other)) == []
    with sqlite3.connect(other) as connection:
        changed = connection.execute(f"UPDATE {table} SET {column} = ?", (value,)).rowcount
    assert changed == 1
    (told,) = differences(everything(gradebook), everything(other))
    assert told.startswith(f"{table} kim")
    assert column in told


def test_what_nbgrader_grades_with_is_its_own_word(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.Execute.timeout = 77\n", encoding="utf-8"
    )
    told = settings(tmp_path, {**os.environ, "HOME": str(tmp_path)})
    assert told["Execute.timeout"] == 77
    assert "Execute" in str(told["autograde_preprocessors"])
    assert told["version"]
