"""The wheel: what it holds, what it must not, and that it behaves like the source tree."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.content import load_units
from kit.home import open_home
from kit.model import Part

pytestmark = [pytest.mark.wheel]

ROOT = Path(__file__).parents[1]
FORBIDDEN = re.compile(
    r"solution|misconception|mutants\.toml|(^|/)private/|(^|/)cohorts/|(^|/)tests?/|conftest|\.md$|\.db$"
    r"|\.ipynb_checkpoints|__pycache__|\.pyc$|benchmarks|progress\.jsonl|answers\.json"
)


def forbidden(name: str) -> bool:
    # the scaffold of a new unit has a file for the author's solution, and none in it
    return bool(FORBIDDEN.search(name)) and not name.startswith("kit/gate/scaffold/")


@pytest.fixture(scope="module")
def source_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a clone holds: files that git knows or would take, nothing ignored."""
    target = tmp_path_factory.mktemp("source") / "upskill-kit"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for entry in listed.decode().split("\0"):
        if entry and (ROOT / entry).is_file():
            (target / entry).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / entry, target / entry)
    # a trainer's own things lie in the same tree and must not be packed
    for secret in ("private/rightsizing/scenario.toml", "cohorts/mine.toml", "gradebook.db"):
        (target / "assignments" / secret).parent.mkdir(parents=True, exist_ok=True)
        (target / "assignments" / secret).write_text("secret", encoding="utf-8")
    # what an author notes of changed model answers says what is in them
    unit = next((target / "workbooks").glob("*/*/workbook.toml")).parent
    (unit / "mutants.toml").write_text("secret", encoding="utf-8")
    return target


@pytest.fixture(scope="module")
def wheel(source_tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target)]
    run = subprocess.run([*command, str(source_tree)], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    return zipfile.ZipFile(wheel).namelist()


def test_nothing_is_shipped_that_answers_or_belongs_to_a_trainer(names: list[str]) -> None:
    assert [name for name in names if forbidden(name)] == []


def test_every_notebook_of_every_unit_is_shipped(names: list[str]) -> None:
    for unit in load_units().values():
        folder = f"kit/_content/workbooks/{unit.folder.parent.name}/{unit.folder.name}"
        assert f"{folder}/workbook.ipynb" in names
        assert f"{folder}/live.ipynb" in names
        assert f"{folder}/workbook.toml" in names
        assert f"kit/_content/assignments/source/{unit.id}/assignment.ipynb" in names
        for catalogue in (unit.folder / "locale").glob("*.po"):
            assert f"{folder}/locale/{catalogue.name}" in names
    assert "kit/_content/workbooks/programme.toml" in names
    assert "kit/_content/assignments/nbgrader_config.py" in names


def test_everything_of_the_package_is_shipped(names: list[str], source_tree: Path) -> None:
    kept = {
        path.relative_to(source_tree).as_posix()
        for path in (source_tree / "kit").rglob("*")
        if path.is_file() and not forbidden(path.relative_to(source_tree).as_posix())
    }
    assert kept - set(names) == set()


def test_each_file_a_shipped_unit_imports_is_shipped(wheel: Path, names: list[str]) -> None:
    missing, checked = [], 0
    for name, tree in unit_modules(wheel, names):
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom) or not node.level:
                continue
            # one dot is the file's own folder, each further one the folder above
            folder = "/".join(name.split("/")[: -node.level])
            wanted = [node.module] if node.module else [alias.name for alias in node.names]
            for module in wanted:
                place = f"{folder}/{module.replace('.', '/')}"
                checked += 1
                if f"{place}.py" not in names and f"{place}/__init__.py" not in names:
                    missing.append(f"{name}: {module}")
    assert missing == []
    assert checked > 20


def unit_modules(wheel: Path, names: list[str]) -> Iterator[tuple[str, ast.Module]]:
    with zipfile.ZipFile(wheel) as archive:
        for name in names:
            if name.startswith("kit/_content/workbooks/") and name.endswith(".py"):
                yield name, ast.parse(archive.read(name).decode("utf-8"))


def test_licences_and_the_server_extensions_switch_are_shipped(names: list[str]) -> None:
    text = "\n".join(names)
    assert "licenses/LICENSE\n" in text
    assert "licenses/LICENSE-CONTENT" in text
    assert "data/etc/jupyter/jupyter_server_config.d/upskill.json" in text


# --- installed elsewhere --------------------------------------------------------------


class Installed:
    """The wheel in an environment of its own; other packages are this one's."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        self.python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
        site = Path(self.run("import sysconfig; print(sysconfig.get_path('purelib'))").strip())
        target = ["--prefix", str(folder), "--no-deps", "--no-index", "--quiet"]
        pip = [sys.executable, "-m", "pip", "install", "--ignore-installed", *target, str(wheel)]
        subprocess.run(pip, check=True, env=self.environment())
        # what it depends on is borrowed from here, without this checkout's own .pth file
        borrowed = folder / "borrowed"
        borrowed.mkdir()
        for entry in Path(sysconfig.get_path("purelib")).iterdir():
            if "upskill_kit" not in entry.name and entry.suffix != ".pth":
                (borrowed / entry.name).symlink_to(entry)
        (site / "borrowed.pth").write_text(str(borrowed), encoding="utf-8")

    def environment(self, **changes: str) -> dict[str, str]:
        dropped = ("UPSKILL_", "JUPYTER", "PYTHON", "VIRTUAL_ENV", "NBGRADER", "COV")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
        return {**kept, "HOME": str(self.folder / "user"), "PYTHONUTF8": "1", **changes}

    def run(self, code: str) -> str:
        return self._run([self.python, "-c", code]).stdout

    def upskill(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        command = self.python.with_name("upskill")
        done = self._run([command, *arguments], check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def _run(self, command: list[Any], *, check: bool = True) -> subprocess.CompletedProcess[str]:
        (self.folder / "user").mkdir(exist_ok=True)
        run = subprocess.run(
            command,
            cwd=self.folder / "user",
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert not check or run.returncode == 0, run.stdout + run.stderr
        return run


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(tmp_path_factory.mktemp("elsewhere") / "venv", wheel)


@pytest.fixture(scope="module")
def home(installed: Installed) -> Path:
    """A learner's home made by the installed kit."""
    target = installed.folder / "home"
    installed.run(
        "from pathlib import Path; from kit.home import make_home, open_home;"
        f"make_home(open_home(Path({str(target)!r}), 'en'))"
    )
    return target


def test_it_runs_from_its_own_place(installed: Installed) -> None:
    where = installed.run("import kit; print(kit.__file__)").strip()
    assert Path(where).is_relative_to(installed.folder)
    root = installed.run("from kit.content import content_root; print(content_root())").strip()
    assert Path(root) == Path(where).parent / "_content"


def test_its_commands_are_those_of_the_source_tree(installed: Installed) -> None:
    here = subprocess.run(
        [sys.executable, "-m", "kit", "--help"], capture_output=True, text=True, encoding="utf-8"
    )
    assert installed.upskill("--help").stdout == here.stdout


def test_the_doctor_finds_a_sound_installation(installed: Installed) -> None:
    probes = json.loads(installed.upskill("doctor", "--json").stdout)["probes"]
    assert [p for p in probes if p["ok"] is False and p["blocks"]] == []
    assert any(str(installed.folder) in p["detail"] for p in probes)


def test_its_home_is_the_source_trees_home_to_the_byte(
    installed: Installed, home: Path, tmp_path: Path
) -> None:
    here = tmp_path / "home"
    code = (
        "from pathlib import Path; from kit.home import make_home, open_home;"
        f"make_home(open_home(Path({str(here)!r}), 'en'))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

    def notebooks(root: Path) -> dict[str, bytes]:
        return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*.ipynb")}

    assert notebooks(home) == notebooks(here)
    # each beside the copy that updates start from
    assert len(notebooks(home)) == 2 * 3 * len(load_units())


def test_a_check_in_its_notebooks_says_what_the_source_tree_says(
    installed: Installed, home: Path
) -> None:
    told = installed.upskill("check", "rightsizing", "--home", str(home), "--json", code=8)
    rows = json.loads(told.stdout)["exercises"]
    unit = load_units()["rightsizing"]
    assert [row["id"] for row in rows] == [e.id for e in unit.of(Part.PRACTICE)]
    assert {row["outcome"] for row in rows} == {"not_attempted"}
    # progress was written into the home that it was asked for
    assert open_home(home).progress_file.is_file()
    status = json.loads(installed.upskill("status", "--home", str(home), "--json").stdout)
    assert status["units"][0]["passed"] == 0


def test_its_finding_on_the_example_is_the_source_trees(
    installed: Installed, tmp_path: Path
) -> None:
    there = installed.upskill("quick", "example", "--out", str(tmp_path / "a"), "--json").stdout
    here = subprocess.run(
        [sys.executable, "-m", "kit", "quick", "example", "--out", str(tmp_path / "b"), "--json"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env=installed.environment(),
    ).stdout
    assert there.replace(str(tmp_path / "a"), "OUT") == here.replace(str(tmp_path / "b"), "OUT")


def test_untouched_work_is_handed_in_as_not_ready(installed: Installed, home: Path) -> None:
    told = installed.upskill("submit", "rightsizing", "--home", str(home), "--json")
    result = json.loads(told.stdout)
    assert [row["name"] for row in result["not_ready"]] == ["rightsizing-practice", "rightsizing"]


def test_a_plain_jupyter_server_there_has_the_home_page(installed: Installed) -> None:
    listed = installed._run(
        [installed.python, "-m", "jupyter_server.extension.serverextension", "list"]
    )
    text = listed.stdout + listed.stderr
    assert re.search(r"kit\.server.*enabled", text)
    assert re.search(r"kit\.server.*OK", text)
