"""The scaffold of a widget works as it is written: style, types, tests, browser and all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from kit.errors import UsageError
from kit.gate.scaffold import write_widget

ROOT = Path(__file__).parents[3]
NAME = "cost_slider"
# what a checkout needs for it
PARTS = ("kit", "tests", "workbooks", "assignments", "Makefile", "pyproject.toml")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "misconceptions", "nbgrader_suite")


@pytest.fixture(scope="module")
def checkout(
    tmp_path_factory: pytest.TempPathFactory, require_or_skip: Callable[[str], NoReturn]
) -> Path:
    """A copy of the project with the widget in it, bundled."""
    if shutil.which("npx") is None or shutil.which("make") is None:
        require_or_skip("bundling needs make, and npx of Node.js")
    root = tmp_path_factory.mktemp("checkout")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, root / part, ignore=LEFT_OUT)
        else:
            shutil.copy(source, root / part)
    written = write_widget(NAME, root)
    assert all(NAME in path.name for path in written)
    done = run(root, "make", "--silent", "js")
    assert done.returncode == 0, done.stdout + done.stderr
    return root


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)


def python(root: Path, *arguments: str) -> None:
    done = run(root, sys.executable, "-m", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_style_and_its_types_are_the_houses(checkout: Path) -> None:
    new = [str(path) for path in checkout.rglob(f"*{NAME}.py")]
    assert len(new) == 4
    python(checkout, "ruff", "check", *new)
    python(checkout, "ruff", "format", "--check", *new)
    python(checkout, "mypy", *(path for path in new if "/tests/" not in path))


def test_its_own_tests_pass_and_those_of_every_widget(checkout: Path) -> None:
    node = shutil.which("node") or "node"
    done = run(checkout, node, "--test", f"tests/js/{NAME}.test.js")
    assert done.returncode == 0, done.stdout + done.stderr
    unit = f"tests/unit/widgets/test_{NAME}.py"
    python(checkout, "pytest", "-q", unit, "tests/unit/widgets/test_static.py")


@pytest.mark.browser
def test_it_holds_in_a_browser(checkout: Path, require_or_skip: Callable[[str], NoReturn]) -> None:
    if not (os.environ.get("UPSKILL_CHROMIUM") or shutil.which("chromium")):
        require_or_skip("no chromium")
    folder = "tests/browser/widgets"
    python(checkout, "pytest", "-q", "-k", NAME, f"{folder}/test_{NAME}.py", folder)


@pytest.mark.parametrize("name", ["Cost", "cost-slider", "1cost", "", "cost_", "../cost", "class"])
def test_a_name_that_python_cannot_carry_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no name for a widget"):
        write_widget(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("taken", ["kit/widgets/js/base.js", "kit/widgets/static/base.css"])
def test_what_all_widgets_share_is_not_written_over(tmp_path: Path, taken: str) -> None:
    path = tmp_path / taken
    path.parent.mkdir(parents=True)
    path.write_text("shared", encoding="utf-8")
    with pytest.raises(UsageError, match="in use") as raised:
        write_widget("base", tmp_path)
    assert raised.value.where == str(path)
    assert [one.read_text("utf-8") for one in tmp_path.rglob("*.*") if one.is_file()] == ["shared"]


def test_a_widget_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    first = write_widget("cost", tmp_path)
    before = {path: path.read_bytes() for path in first}
    with pytest.raises(UsageError, match="already"):
        write_widget("cost", tmp_path)
    assert {path: path.read_bytes() for path in first} == before
