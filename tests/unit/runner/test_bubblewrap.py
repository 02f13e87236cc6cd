"""Ordinary kernels under bubblewrap: what a graded notebook may do there, and what it tries."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kit.grading import execute
from kit.grading.execute import ExecuteAs
from kit.runner.bubblewrap import unwrapped
from kit.runner.levels import Found, Level

pytestmark = pytest.mark.skipif(bool(unwrapped()), reason="bubblewrap does not work here")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ExecuteAs, Path]:
    """One notebook with all that is tried: a kernel takes a second to start."""
    folder = tmp_path_factory.mktemp("wrapped")
    graded, secret = folder / "graded", folder / "gradebook.db"
    graded.mkdir()
    (graded / "data.csv").write_text("given", encoding="utf-8")
    (graded / "beside.py").write_text("x = 41", encoding="utf-8")
    secret.write_text("hidden", encoding="utf-8")
    cells = (
        "open('made.txt', 'w').write(open('data.csv').read())",
        f"open({str(secret)!r}).read()",
        f"open({str(secret)!r}, 'w')",
        "import os\n'COURSE_PASSWORD' in os.environ, len(os.listdir('/proc')) < 100",
        f"os.kill({os.getpid()}, 9)",
        "import socket\nsocket.create_connection(('192.0.2.1', 80), 3)",
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "libc.unshare(0x10000000), libc.syscall(101, 16, 1, 0, 0), libc.syscall(425, 1, 0)",
        "try:\n    open('big', 'wb').truncate(600 * 2**20)\nexcept OSError as error:\n"
        "    print(error.strerror)\nos.remove('big')",
        "while True: pass",
        "'after'",
        "print(open('/proc/1/environ').read(), open('/proc/self/environ').read())",
        "import beside\nbeside.x, 'sys' in globals()",
    )
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "found", lambda forks=True: Found(Level.BUBBLEWRAP, "a test"))
        patch.setenv("COURSE_PASSWORD", "hidden")
        steps = ExecuteAs(timeout=3)
        done, _ = steps.preprocess(made, {"metadata": {"path": str(graded)}})
    assert secret.read_text(encoding="utf-8") == "hidden"
    return done, steps, graded


def said(ran: tuple[Any, ExecuteAs, Path], place: int) -> str:
    return " ".join(
        f"{output.get('ename', '')}{output.get('text', '')}"
        f"{output.get('data', {}).get('text/plain', '')}"
        for output in ran[0].cells[place].outputs
    )


def test_work_is_done_in_a_copy_and_what_it_made_comes_back(ran: Any) -> None:
    assert said(ran, 0) == "5"
    assert (ran[2] / "made.txt").read_text(encoding="utf-8") == "given"
    assert ran[1].level is Level.BUBBLEWRAP


@pytest.mark.parametrize(
    ("place", "word"),
    [
        (1, "FileNotFoundError"),
        (2, "Error"),
        (3, "(False, True)"),
        (4, "ProcessLookupError"),
        (5, "OSError"),
        (6, "(-1, -1, -1)"),
        (7, "File too large"),
    ],
)
def test_nothing_else_is_seen_written_or_reached(ran: Any, place: int, word: str) -> None:
    assert word in said(ran, place)


def test_a_cell_is_interrupted_and_the_next_one_runs(ran: Any) -> None:
    assert "CellTimeoutError" in said(ran, 8)
    assert said(ran, 9) == "'after'"


def test_the_graders_secrets_are_in_no_environment_that_it_sees(ran: Any) -> None:
    assert "PATH=" in said(ran, 10)
    assert "COURSE_PASSWORD" not in said(ran, 10)


def test_files_beside_the_notebook_can_be_imported_and_nothing_is_bound(ran: Any) -> None:
    assert said(ran, 11) == "(41, False)"
