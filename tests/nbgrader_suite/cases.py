"""Run nbgrader's own tests in a pytest of their own, with our runner in Execute's place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import nbgrader.tests

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# cases that run a notebook, one a line; the whole run says when it is not so any more
EXECUTING = HERE / "executing.txt"
# reasons by case or by file of cases
EXCLUDED = HERE / "excluded.json"
PLUGIN = "tests.nbgrader_suite.plugin"
# what it says of the whole run is to be so
TOLD = ROOT / "docs" / "grading.md"


@dataclass(frozen=True)
class Case:
    """How a case ended, and how often it ran a notebook."""

    name: str
    runs: int
    outcome: str


def folder_of_tests() -> Path:
    return Path(str(files(nbgrader.tests)))


@cache
def executing() -> tuple[str, ...]:
    return tuple(EXECUTING.read_text(encoding="utf-8").split("\n")[:-1])


@cache
def excluded() -> dict[str, str]:
    told: dict[str, str] = json.loads(EXCLUDED.read_text(encoding="utf-8"))
    return told


def is_told(claim: str) -> bool:
    """Whether the documentation says so, however its lines are broken."""
    return claim in " ".join(TOLD.read_text(encoding="utf-8").split())


def run(names: Sequence[str], told: Path, jobs: int = 0, runner: str = "kit") -> list[Case]:
    """Run cases by name, or all but the excluded; what they print goes to our own output."""
    folder = folder_of_tests()
    wanted = [str(folder / name) for name in names] or [str(folder)]
    # a case is left out by its name below rootdir, a file by its path
    left_out = [
        f"--deselect={name}" if "::" in name else f"--ignore={folder / name}" for name in excluded()
    ]
    command = [sys.executable, "-m", "pytest", "-p", PLUGIN, "-p", "no:cacheprovider", "-q"]
    command += ["-W", "ignore", "-n", str(jobs), f"--rootdir={folder}", *left_out, *wanted]
    subprocess.run(command, check=False, cwd=told.parent, env=_environment(told, runner))
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    return [Case(*json.loads(line)) for line in lines]


def _environment(told: Path, runner: str) -> dict[str, str]:
    dropped = ("PYTEST", "JUPYTER", "UPSKILL_", "COV_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    # nobody's own settings of nbgrader or Jupyter
    home = told.parent / "home"
    home.mkdir(exist_ok=True)
    # nbgrader asks for the alembic command by PATH
    tools = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", "")])
    ours = {
        "PATH": tools,
        "UPSKILL_RUNNER": runner,
        "UPSKILL_EXECUTED": str(told),
        "HOME": str(home),
    }
    return {**kept, **ours, "PYTHONPATH": str(ROOT)}
