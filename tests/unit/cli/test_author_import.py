"""``upskill author import``: what an author sees when edits come back, and when they do not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import kit.cli.author
import kit.content
from kit.cli.app import app
from kit.content import find_unit, load_units
from kit.errors import ContentError, UsageError
from kit.gate.build import build_unit
from kit.notebooks import find_cell, read_notebook, write_notebook

FIXTURES = Path(__file__).parents[2] / "fixtures" / "units"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The unit's folder, all of it built."""
    content = shutil.copytree(FIXTURES, tmp_path / "content")
    monkeypatch.setattr(kit.content, "content_root", lambda: content)
    load_units.cache_clear()
    unit = find_unit("tiny")
    build_unit(unit)
    yield unit.folder
    load_units.cache_clear()


def bring(*words: str) -> Result:
    return CliRunner().invoke(app, ["author", "import", *words])


def edit(path: Path, exercise: str) -> None:
    notebook = read_notebook(path)
    cell = find_cell(notebook, exercise, "prose")
    assert cell is not None
    cell["source"] = "## Edited"
    write_notebook(path, notebook)


def test_it_names_the_cells_the_file_and_the_next_step(folder: Path) -> None:
    edit(folder / "workbook.ipynb", "count")
    done = bring(str(folder / "workbook.ipynb"))
    assert done.exit_code == 0
    assert "brought back count-prose" in done.output
    assert str(folder / "workbook.md") in done.output
    assert "upskill author build tiny" in done.output
    assert "## Edited" in (folder / "workbook.md").read_text(encoding="utf-8")


def test_nothing_edited_is_said(folder: Path) -> None:
    before = (folder / "workbook.md").read_bytes()
    assert "Nothing to bring back" in bring(str(folder / "workbook.ipynb")).output
    assert (folder / "workbook.md").read_bytes() == before


@pytest.mark.parametrize(("name", "exercise"), [("assignment", "case"), ("live", "unit")])
def test_the_notebook_says_which_markdown_is_meant(folder: Path, name: str, exercise: str) -> None:
    source = folder.parents[2] / "assignments" / "source" / "tiny"
    path = (source if name == "assignment" else folder) / f"{name}.ipynb"
    edit(path, exercise)
    assert bring(str(path)).exit_code == 0
    assert "## Edited" in (folder / f"{name}.md").read_text(encoding="utf-8")


def test_another_file_takes_the_result_and_is_never_overwritten(folder: Path) -> None:
    edit(folder / "workbook.ipynb", "count")
    other = folder / "look.md"
    assert bring(str(folder / "workbook.ipynb"), "--into", str(other)).exit_code == 0
    written = other.read_bytes()
    again = bring(str(folder / "workbook.ipynb"), "--into", str(other))
    assert isinstance(again.exception, UsageError)
    assert other.read_bytes() == written
    assert "## Edited" not in (folder / "workbook.md").read_text(encoding="utf-8")


def test_a_notebook_of_no_unit_is_refused(folder: Path) -> None:
    path = folder / "own.ipynb"
    write_notebook(path, {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    assert isinstance(bring(str(path)).exception, ContentError)


def test_an_installed_kit_is_never_written_into(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kit.cli.author, "content_root", lambda: Path("kit/_content"))
    done = bring(str(folder / "workbook.ipynb"))
    assert isinstance(done.exception, UsageError)
    assert "checkout" in done.exception.what
