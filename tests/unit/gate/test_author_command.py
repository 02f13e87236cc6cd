"""``upskill author``: what an author sees and what a build job can rely on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import kit.cli.author
import kit.content
import kit.gate.scaffold
from kit.cli.app import app
from kit.content import load_units
from kit.errors import ContentError, UsageError

FIXTURES = Path(__file__).parents[2] / "fixtures" / "units"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    content = shutil.copytree(FIXTURES, tmp_path / "content")
    monkeypatch.setattr(kit.content, "content_root", lambda: content)
    monkeypatch.setattr(kit.cli.author, "content_root", lambda: content)
    monkeypatch.setattr(kit.gate.scaffold, "content_root", lambda: content)
    load_units.cache_clear()
    yield content
    load_units.cache_clear()


def upskill(*words: str) -> Result:
    return CliRunner().invoke(app, ["author", *words])


def test_check_lists_what_is_out_of_date_and_exits_with_8(root: Path) -> None:
    done = upskill("build", "--check")
    assert done.exit_code == 8
    assert str(root / "workbooks" / "demo" / "01_tiny" / "workbook.ipynb") in done.output
    assert not (root / "workbooks" / "demo" / "01_tiny" / "workbook.ipynb").exists()


def test_build_makes_check_pass_and_says_so_the_second_time(root: Path) -> None:
    assert upskill("build").exit_code == 0
    assert upskill("build", "--check").exit_code == 0
    assert "tiny: up to date" in upskill("build").output


def test_build_names_a_source_that_is_not_written_yet(root: Path) -> None:
    missing = root / "workbooks" / "demo" / "01_tiny" / "assignment.md"
    missing.unlink()
    done = upskill("build", "tiny")
    assert done.exit_code == 0
    assert f"not written yet: {missing}" in done.output
    assert "up to date" not in upskill("build", "tiny").output


DOUBLED = 'msgid "Size"\nmsgstr "크기"\n\nmsgid ""\n"Si"\n"ze"\nmsgstr "큰 크기"\n'


@pytest.mark.parametrize("place", ["workbooks/demo/01_tiny", "kit"])
def test_build_refuses_a_second_translation_of_a_text_before_it_writes(
    root: Path, place: str
) -> None:
    catalogue = root / place / "locale" / "ko.po"
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    catalogue.write_text(DOUBLED, encoding="utf-8")
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    done = upskill("build")
    assert isinstance(done.exception, ContentError)
    assert done.exception.where == f"{catalogue}:4"
    assert "line 1 " in done.exception.what and "line 4" in done.exception.what
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("words", [("new", "demo/disks"), ("build",)])
def test_an_installed_kit_is_never_written_into(
    root: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    installed = root.parent / "kit" / "_content"
    monkeypatch.setattr(kit.cli.author, "content_root", lambda: installed)
    before = sorted(root.rglob("*"))
    done = upskill(*words)
    assert isinstance(done.exception, UsageError)
    assert "checkout" in done.exception.what
    assert sorted(root.rglob("*")) == before


def test_a_new_unit_is_built_at_once(root: Path) -> None:
    done = upskill("new", "demo/disks")
    assert done.exit_code == 0
    assert "upskill author lint disks" in done.output
    assert (root / "assignments" / "source" / "disks" / "assignment.ipynb").is_file()
    load_units.cache_clear()
    assert "disks: up to date" in upskill("build", "disks").output
