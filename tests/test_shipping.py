"""From a clone to a running kit: make's steps, pinned versions, and what CI demands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
# spelled in parts, so that this file does not find itself
HOSTS = re.compile("|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.(org|com)"]))
PLACES = re.compile("|".join(["/wo" + "rk/", "/tmp/" + "dev", "/ro" + "ot/"]))


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments], cwd=folder, capture_output=True, text=True, env=kept
    )


@pytest.fixture
def clone(tmp_path: Path, require_or_skip: Callable[[str], NoReturn]) -> Path:
    """A clone whose environment is made and installed."""
    if shutil.which("make") is None:
        require_or_skip("make is not installed")
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / ".venv" / "made").write_text(f"{tmp_path}\n", encoding="utf-8")
    for stamp in ("installed", "installed-test"):
        (tmp_path / ".venv" / stamp).touch()
    return tmp_path


def test_the_second_start_only_starts(clone: Path) -> None:
    steps = make(clone, "-n", "start", "ARGS=--no-browser --port 8899")
    assert steps.stdout.strip() == ".venv/bin/upskill start --no-browser --port 8899"


@pytest.mark.parametrize("changed", ["pyproject.toml", "constraints.txt"])
def test_a_change_of_what_is_needed_installs_again(clone: Path, changed: str) -> None:
    stamp = (clone / ".venv" / "installed").stat().st_mtime
    os.utime(clone / changed, (stamp + 10, stamp + 10))
    assert "pip install" in make(clone, "-n", "start").stdout


def test_a_folder_that_was_moved_gets_an_environment_of_its_own(clone: Path) -> None:
    (clone / ".venv" / "made").write_text("/somewhere/else\n", encoding="utf-8")
    steps = make(clone, "-n", "start").stdout
    assert "-m venv --clear" in steps
    assert "pip install" in steps


def test_an_environment_whose_python_is_gone_is_made_anew(clone: Path) -> None:
    (clone / ".venv" / "bin" / "python").unlink()
    assert "-m venv --clear" in make(clone, "-n", "start").stdout


def test_without_a_python_it_says_what_to_install(clone: Path) -> None:
    (clone / ".venv" / "made").unlink()
    run = make(clone, "start", "CANDIDATES=false no-such-python")
    assert run.returncode != 0
    assert "No Python of 3.11 or later" in run.stderr
    assert "Next: install one" in run.stderr


def requirements() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    found = [Requirement(line) for line in [*project["dependencies"], *extras]]
    return [r for r in found if r.name != "upskill-kit"]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_requirement_is_pinned_inside_its_range() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.+!]+", line)] == []
    pinned = {canonical(line.split("==")[0]): line.split("==")[1] for line in lines}
    for requirement in requirements():
        assert requirement.specifier.contains(pinned[canonical(requirement.name)]), requirement


def test_what_is_installed_fits_together() -> None:
    run = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def tracked_text() -> dict[str, str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    # exports keep the bytes of the tools that made them
    kept = [p for p in paths if p.is_file() and "exports" not in p.parts]
    return {str(p.relative_to(ROOT)): p.read_bytes().decode("utf-8", "ignore") for p in kept}


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine() -> None:
    found = {
        name: matches
        for name, text in tracked_text().items()
        if (matches := [*HOSTS.findall(text), *PLACES.findall(text)])
    }
    assert found == {}


SKIPPING = """
import pytest
def test_one(): pass
@pytest.mark.skip(reason="no browser")
def test_two(): pass
"""
MODULE = "import pytest\npytest.skip('no sandbox', allow_module_level=True)\n"


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_where_everything_is_required_a_skip_fails_the_run(
    tmp_path: Path, workers: list[str]
) -> None:
    (tmp_path / "test_it.py").write_text(SKIPPING, encoding="utf-8")
    (tmp_path / "test_other.py").write_text(MODULE, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.require_all", "-p", "no:cacheprovider"]

    def run(required: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "UPSKILL_REQUIRE_ALL": required, "PYTHONPATH": str(ROOT)}
        environment.pop("PYTEST_ADDOPTS", None)
        return subprocess.run(
            [*command, *workers, "--rootdir", str(tmp_path), str(tmp_path)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env=environment,
        )

    assert run("0").returncode == 0
    required = run("1")
    assert required.returncode == 1
    assert "no browser" in required.stdout
    assert "no sandbox" in required.stdout
