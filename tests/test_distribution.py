"""``make test`` gives whole modules to its processes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from tests.conftest import LONG, TESTS

MODULE = """
import os
import pytest

@pytest.mark.parametrize("number", range(5))
def test_one(number):
    with open({told!r}, "a") as file:
        file.write("{name} " + os.environ["PYTEST_XDIST_WORKER"] + "\\n")
"""


def options() -> list[str]:
    """How the Makefile shares the tests out."""
    makefile = (TESTS.parent / "Makefile").read_text(encoding="utf-8")
    (told,) = re.findall(r"^SHARED := -n auto --maxprocesses 8 (.+)$", makefile, re.MULTILINE)
    return str(told).split()


def test_what_a_module_shares_is_made_in_one_process(tmp_path: Path) -> None:
    """Without it, each course, server and browser of a module is made once for each process."""
    told = tmp_path / "told.txt"
    for name in ("test_a", "test_b", "test_c"):
        module = MODULE.format(told=str(told), name=name)
        (tmp_path / f"{name}.py").write_text(module, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2"]
    subprocess.run([*command, *options(), str(tmp_path)], cwd=tmp_path, check=True)
    ran = defaultdict(list)
    for line in told.read_text(encoding="utf-8").splitlines():
        name, worker = line.split()
        ran[name].append(worker)
    assert sorted(len(workers) for workers in ran.values()) == [5, 5, 5]
    assert [len(set(workers)) for workers in ran.values()] == [1, 1, 1]


def test_the_modules_that_come_first_are_there() -> None:
    assert [name for name in LONG if not (TESTS / name).is_file()] == []
