"""An update and a real JupyterLab: open is refused, closed is done, and the answer is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lab_notebook import LabNotebook
from playwright.sync_api import expect

from kit.home import open_home
from kit.model import Part
from kit.notebooks import find_cell, read_notebook, write_notebook
from tests.conftest import clean_environment

pytestmark = pytest.mark.browser

NOTEBOOK = "rightsizing-practice/workbook.ipynb"


@pytest.fixture(scope="module")
def kit(launch: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A home with the unit as it ships."""
    return launch(tmp_path_factory.mktemp("update") / "home", "en")


def make_older(root: Path) -> None:
    """As if an older version had been given: another text and another starter."""
    base = open_home(root).state / "base" / "rightsizing" / f"{Part.PRACTICE}.ipynb"
    for path in (root / NOTEBOOK, base):
        notebook = read_notebook(path)
        notebook["metadata"]["kit"]["version"] = "2020.1.1"
        prose = find_cell(notebook, "repair", "prose")
        answer = find_cell(notebook, "repair", "answer")
        assert prose is not None
        assert answer is not None
        prose["source"], answer["source"] = "## 1 · An older text", "def clean(raw):\n    ____"
        write_notebook(path, notebook)


def update(root: Path, runtime: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kit", "update", "--home", str(root), "--lang", "en"]
    environment = clean_environment(JUPYTER_RUNTIME_DIR=str(runtime))
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def open_lab(visit: Any, kit: Any) -> LabNotebook:
    page = visit.context.new_page()
    page.goto(f"{kit.url}lab/tree/{NOTEBOOK}?token={kit.token}")
    return LabNotebook(page).ready()


def test_a_notebook_is_updated_once_it_is_closed_in_lab(
    visit: Any, kit: Any, tmp_path: Path
) -> None:
    path = kit.home / NOTEBOOK
    make_older(kit.home)
    lab = open_lab(visit, kit)
    lab.write(lab.code("def clean(raw)"), "def clean(raw):\n    return 42")
    lab.save()
    before = path.read_bytes()
    refused = update(kit.home, tmp_path)
    assert refused.returncode == 4
    assert "The notebook is open in JupyterLab." in refused.stderr
    assert path.read_bytes() == before

    lab.menu(0, "filemenu:close-and-cleanup")
    # Lab asks first
    with lab.lab.expect_response(lambda answer: answer.request.method == "DELETE"):
        lab.lab.locator(".jp-Dialog button.jp-mod-accept").click()
    # what was saved a moment ago is in somebody's hands for another moment
    lab.lab.wait_for_timeout(2500)
    done = update(kit.home, tmp_path)
    assert done.returncode == 0, done.stderr

    again = open_lab(visit, kit)
    notice = again.lab.locator(".jp-MarkdownCell", has_text="This task changed in version")
    notice.scroll_into_view_if_needed()
    expect(notice).to_be_visible()
    expect(again.code("return 42")).to_have_count(1)
    expect(again.lab.get_by_text("An older text")).to_have_count(0)
    again.lab.screenshot(path=str(tmp_path / "notice.png"))
