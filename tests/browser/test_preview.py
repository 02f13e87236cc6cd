"""A preview in a real browser: both languages beside each other, edited, brought back, gone."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lab_notebook import LabNotebook
from playwright.sync_api import Page, expect

from kit.content import find_unit
from kit.gate.bring_back import import_notebook
from kit.model import Part
from kit.notebooks import find_cell, read_notebook, source
from tests.conftest import RunningKit, clean_environment, free_port, serve

pytestmark = pytest.mark.browser

UNIT = find_unit("rightsizing")
NOTEBOOK = "rightsizing-practice/workbook.ipynb"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the preview keeps what is only for the time of the look."""
    return tmp_path_factory.mktemp("preview")


@pytest.fixture(scope="module")
def kit(folder: Path) -> Iterator[RunningKit]:
    """The English one of a preview in both languages."""
    command = [sys.executable, "-m", "kit", "author", "preview", UNIT.id, "--no-browser"]
    command += ["--lang", "both", "--port", str(free_port())]
    server = serve(command, clean_environment(TMPDIR=str(folder), UPSKILL_LANG="en"))
    home = next(folder.glob("*/en"))
    running = RunningKit(server.process, server.address, server.printed, server.reader, home)
    yield running
    assert running.stop() == 0
    assert list(folder.iterdir()) == []


def addresses(kit: RunningKit) -> dict[str, str]:
    """What each line of the preview names, in English and in Korean."""
    found = re.findall(r"(notebook|home page) +(http://\S+)", "".join(kit.printed))
    names = ("en notebook", "en home page", "ko notebook", "ko home page")
    return dict(zip(names, [address for _name, address in found], strict=True))


def opened(visit: Any, address: str) -> LabNotebook:
    page = visit.context.new_page()
    page.goto(address)
    return LabNotebook(page).ready()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_each_language_opens_as_its_learner_sees_it(
    visit: Any, kit: RunningKit, language: str
) -> None:
    lab = opened(visit, addresses(kit)[f"{language} notebook"])
    notebook = read_notebook(kit.home.with_name(language) / NOTEBOOK)
    prose = find_cell(notebook, "unit", "prose")
    assert prose is not None
    title = source(prose).split("\n")[0].removeprefix("# ")
    expect(lab.lab.locator(".jp-RenderedMarkdown h1").first).to_contain_text(title)
    assert bool(re.search("[가-힣]", title)) is (language == "ko")
    # the unit's own code runs: the case is drawn and shown
    shown = lab.run(lab.code("wb = kit.open_workbook"))
    expect(shown.locator("table").first).to_be_visible()
    home = visit.context.new_page()
    home.goto(addresses(kit)[f"{language} home page"])
    expect(home.locator("html")).to_have_attribute("lang", language)
    assert visit.seen.errors == []


def test_an_edit_in_lab_can_be_brought_back(visit: Any, kit: RunningKit, tmp_path: Path) -> None:
    lab = opened(visit, addresses(kit)["en notebook"])
    lab.menu(1, "editmenu:clear-all")
    prose = lab.lab.locator(".jp-NotebookPanel .jp-MarkdownCell").first
    prose.click()
    make_editable(lab.lab)
    prose.dblclick()
    lab.write(prose, "# Right-size, edited\n\nIn Lab.")
    lab.save()
    other = tmp_path / "other.md"
    assert import_notebook(UNIT, Part.PRACTICE, kit.home / NOTEBOOK, other) == ["unit-prose"]
    assert "# Right-size, edited\n\nIn Lab.\n" in other.read_text(encoding="utf-8")


def make_editable(lab: Page) -> None:
    """As an author does it, on the right: Property Inspector, Common Tools, Editable."""
    lab.locator(".jp-SideBar.jp-mod-right [data-id='jp-property-inspector']").click()
    lab.locator(".jp-NotebookTools .jp-Collapse-header").first.click()
    lab.locator(".jp-NotebookTools select[id$='/editable']").select_option(label="Editable")
