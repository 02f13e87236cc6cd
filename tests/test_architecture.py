"""The house rules as tests: layers, sizes, what a kernel loads, what Windows lacks."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import kit

ROOT = Path(__file__).parents[1]
KIT = ROOT / "kit"
MAX_FILE, MAX_FUNCTION = 400, 60
CODE = sorted(
    path
    for folder in ("kit", "workbooks", "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
)
TEXT = sorted(
    path
    for folder in ("kit", "workbooks", "tests", "benchmarks")
    for pattern in ("*.js", "*.css", "*.html", "*.j2")
    for path in (ROOT / folder).rglob(pattern)
    # a widget's bundle is read by nobody: what it is made of counts, in kit/widgets/js
    if "fixtures" not in path.parts and path not in (KIT / "widgets" / "static").glob("*.js")
)
HEAVY = {"nbgrader", "sqlalchemy", "openai", "pandas", "nbformat", "altair", "numpy", "babel"}
HEAVY |= {"boto3", "moto", "cfnlint"}
# what widgets bring along themselves
WIDGETS = {"anywidget", "ipywidgets", "traitlets", "IPython"}
POSIX_MODULES = {"fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"}
POSIX_NAMES = {
    "os": {
        "fork",
        "forkpty",
        "getuid",
        "geteuid",
        "getgid",
        "chown",
        "mkfifo",
        "setsid",
        "killpg",
        "setuid",
        "getpgid",
        "wait",
        "uname",
        "nice",
        "sysconf",
        "statvfs",
    },
    "signal": {"SIGKILL", "SIGALRM", "SIGHUP", "alarm", "setitimer", "pause", "sigwait"},
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_outgrows_a_readers_patience() -> None:
    lines = {name(p): len(p.read_text(encoding="utf-8").splitlines()) for p in [*CODE, *TEXT]}
    assert {path: n for path, n in lines.items() if n > MAX_FILE} == {}


def test_no_function_outgrows_a_screen() -> None:
    found = [(name(path), *function) for path in CODE for function in functions(path)]
    assert [row for row in found if row[2] > MAX_FUNCTION] == []


def rooms() -> set[str]:
    entries = {p.stem for p in KIT.glob("*.py")} | {
        p.parent.name for p in KIT.glob("*/__init__.py")
    }
    return entries - {"__init__", "__main__"}


def contracts() -> dict[str, dict[str, list[str]]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {c["id"]: c for c in settings["tool"]["importlinter"]["contracts"]}


def test_rooms_keep_their_layers() -> None:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    run = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "2 kept, 0 broken" in run.stdout


def test_every_room_but_two_is_kept_from_nbgrader() -> None:
    kept = {module.removeprefix("kit.") for module in contracts()["grading"]["source_modules"]}
    assert kept == rooms() - {"grading", "cli"}


def loaded_after(code: str) -> set[str]:
    """Top-level modules that a fresh interpreter holds after ``code``."""
    script = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {module.split(".")[0] for module in json.loads(run.stdout.splitlines()[-1])}


def test_importing_the_kit_costs_a_kernel_nothing() -> None:
    assert loaded_after("import kit") & (HEAVY | WIDGETS) == set()


def test_the_learners_names_load_no_data_library() -> None:
    code = "from kit import ____, Mistake, Work, exercise_check, open_lab, open_workbook"
    assert loaded_after(code) & (HEAVY | WIDGETS) == set()


@pytest.mark.parametrize("path", sorted((KIT / "widgets").glob("*.py")), ids=name)
def test_no_widget_loads_a_data_library(path: Path) -> None:
    module = f"kit.widgets.{path.stem}".removesuffix(".__init__")
    assert loaded_after(f"import {module}") & (HEAVY - {"numpy"}) == set()


def test_the_command_line_and_the_home_page_load_no_data_library() -> None:
    heavy = HEAVY - {"babel"}
    assert loaded_after("import kit.cli.app") & heavy == set()
    assert loaded_after("import kit.server") & heavy == set()
    # Jupyter's server brings nbformat along itself
    assert loaded_after("import kit.server.handlers") & (heavy - {"nbformat"}) == set()


def test_public_names_are_these_and_all_load() -> None:
    assert kit.__all__ == ["Mistake", "Work", "____", "exercise_check", "open_lab", "open_workbook"]
    for public in kit.__all__:
        assert getattr(kit, public) is not None
        assert public in dir(kit)
    with pytest.raises(AttributeError, match="no attribute 'anything'"):
        assert kit.anything is None


def test_no_public_function_is_named_like_a_room() -> None:
    assert set(kit.__all__) & rooms() == set()


def posix_only(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name in POSIX_MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in POSIX_MODULES:
            yield node.module
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.attr in POSIX_NAMES.get(node.value.id, ())
        ):
            yield f"{node.value.id}.{node.attr}"


# a trainer's grading at full speed is for Linux; all that a learner runs is for everybody
LEARNERS = [
    path
    for path in CODE
    if (path.is_relative_to(KIT) and not path.is_relative_to(KIT / "runner"))
    or path.is_relative_to(ROOT / "workbooks")
]


def test_a_learner_needs_nothing_that_windows_lacks() -> None:
    assert {name(p): found for p in LEARNERS if (found := list(posix_only(p)))} == {}


def test_the_detector_of_posix_finds_what_it_is_for(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text("import fcntl\nfrom pwd import getpwnam\nimport os\nos.fork()\nos.getpid()\n")
    assert list(posix_only(path)) == ["fcntl", "pwd", "os.fork"]


def opened_without_encoding(path: Path) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("read_text", "write_text")
        and not any(keyword.arg == "encoding" for keyword in node.keywords)
        # kit.files has a write_text of its own, which is always UTF-8
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "files")
    ]


def test_text_files_are_opened_as_utf8() -> None:
    """Windows would otherwise read and write Korean in the code page of the day."""
    assert {name(p): n for p in LEARNERS if (n := opened_without_encoding(p))} == {}
