"""The exercise panel where a learner works: beside a real answer cell, by mouse and by keyboard."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from gallery_page import end_sessions, pressed
from lab_notebook import PATIENCE_MS, LabNotebook
from playwright.sync_api import Locator, expect

from kit.errors import HomeError
from kit.home import LearnerHome, make_home, open_home
from kit.model import Unit
from kit.notebooks import find_cell, read_notebook, source
from kit.progress import ProgressLog
from tests.conftest import clean_environment, free_port, serve
from tests.tiny_unit import only_tiny, seeing

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("panel")]

NOTEBOOK = "tiny-practice/workbook.ipynb"
CHECK = 'wb.check("count")'
RIGHT = "count = len(disks)"
STARTER = "count = ____"
MINE = "count = 1  # mine"
WAITS = {"timeout": PATIENCE_MS}
TRIES = 100
# the answer to a save comes `saveTakes` milliseconds later, as from a slow disk: what is written
# stands there while the page does not know of it yet
SLOW_SAVES = """
const ask = window.fetch;
window.fetch = async (request, ...more) => {
  const answer = await ask(request, ...more);
  const saves = request.method === "PUT" && request.url.includes("/api/contents/");
  if (saves && window.saveTakes) await new Promise((go) => setTimeout(go, window.saveTakes));
  return answer;
};
"""


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    """The tiny unit; servers started meanwhile, and their kernels, find it too."""
    folder = tmp_path_factory.mktemp("customize")
    with only_tiny(tmp_path_factory.mktemp("panel") / "content") as tiny:
        text = seeing(tiny.folder.parents[2])
        (folder / "sitecustomize.py").write_text(text, encoding="utf-8")
        before = os.environ.get("PYTHONPATH")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(folder), before])))
            yield tiny


@pytest.fixture(scope="module")
def running(unit: Unit, launch: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    root = tmp_path_factory.mktemp("lab") / "home"
    make_home(open_home(root, "en"))
    return launch(root)


@pytest.fixture
def home(running: Any) -> LearnerHome:
    """The server's home, with nothing done in it yet."""
    made = open_home(running.home, "en")
    for folder in (made.state / "undo", made.root / "tiny-practice"):
        shutil.rmtree(folder, ignore_errors=True)
    made.progress_file.unlink(missing_ok=True)
    make_home(made)
    return made


@pytest.fixture
def lab(home: LearnerHome, running: Any, browser: Any) -> Iterator[LabNotebook]:
    """The tiny workbook in JupyterLab, with its first cell run."""
    with browser.new_context(viewport={"width": 1400, "height": 900}) as context:
        context.add_init_script(SLOW_SAVES)
        page = context.new_page()
        end_sessions(page, running)
        page.goto(f"{running.url}lab/tree/{NOTEBOOK}?reset&token={running.token}")
        yield begun(LabNotebook(page).ready())


@pytest.fixture
def notebook7(home: LearnerHome, browser: Any, tmp_path: Path) -> Iterator[LabNotebook]:
    """The same in a plain Notebook 7, which knows nothing of the kit's server."""
    command = [sys.executable, "-m", "notebook", "--no-browser", "--allow-root"]
    command += [f"--ServerApp.root_dir={home.root}", f"--port={free_port()}"]
    command += ["--ServerApp.answer_yes=True", "--LabApp.news_url=None"]
    folders = {f"JUPYTER_{n}_DIR": str(tmp_path / n) for n in ("CONFIG", "DATA", "RUNTIME")}
    server = serve(command, clean_environment(UPSKILL_HOME=str(home.root), **folders))
    address, _, token = server.address.replace("localhost", "127.0.0.1").partition("?token=")
    with browser.new_context(viewport={"width": 1400, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{address.removesuffix('tree')}notebooks/{NOTEBOOK}?token={token}")
        yield begun(LabNotebook(page).ready())
    server.stop()


def begun(notebook: LabNotebook) -> LabNotebook:
    notebook.run(notebook.code("kit.open_workbook"))
    return notebook


def checked(notebook: LabNotebook) -> Locator:
    """Run the cell that checks; returns its panel."""
    notebook.run(notebook.code(CHECK))
    panel = notebook.code(CHECK).locator(".upskill-live.upskill-panel")
    expect(panel).to_be_visible(**WAITS)
    return panel


def answered(notebook: LabNotebook, before: str, text: str) -> None:
    cell = notebook.code(before)
    notebook.write(cell, text)
    notebook.run(notebook.code(text))


def focused(notebook: LabNotebook) -> str:
    """What has the focus: the action of a button, else the text."""
    told: str = notebook.lab.evaluate(
        "document.activeElement.dataset.action ?? document.activeElement.textContent"
    )
    return told


def by_key(notebook: LabNotebook, panel: Locator, action: str, key: str = "Enter") -> None:
    """Press a key on the button that the focus has come to."""
    assert focused(notebook) == action
    panel.locator(f"[data-action={action}]").press(key)


def answer_in(path: Path) -> str:
    return source(find_cell(read_notebook(path), "count", "answer") or {})


def saved(notebook: LabNotebook, home: LearnerHome, text: str) -> None:
    """Wait until the page has saved the answer like this."""
    for _ in range(TRIES):
        # half a notebook while it is being written
        with suppress(HomeError):
            if answer_in(home.root / NOTEBOOK) == text:
                break
        notebook.lab.wait_for_timeout(200)
    assert answer_in(home.root / NOTEBOOK) == text


def events(home: LearnerHome) -> list[str]:
    return [attempt.event for attempt in ProgressLog(home.progress_file).read()]


def start_again_and_undo(notebook: LabNotebook, home: LearnerHome) -> None:
    """The learner's text goes and comes back, in the real cell and on disk."""
    panel = checked(notebook)
    expect(panel).to_have_attribute("data-outcome", "incorrect")
    pressed(panel, "reset", "yes")
    expect(panel).to_have_attribute("data-outcome", "not_attempted")
    answer = notebook.code(STARTER)
    expect(answer).to_be_visible()
    expect(notebook.code(MINE)).to_have_count(0)
    expect(panel.locator(".upskill-box")).to_be_hidden()
    saved(notebook, home, STARTER)
    assert answer_in(home.state / "undo" / "tiny" / "0001" / "workbook.ipynb") == MINE
    pressed(panel, "undo")
    expect(panel).to_have_attribute("data-outcome", "incorrect")
    expect(notebook.code(MINE)).to_be_visible()
    saved(notebook, home, MINE)
    assert events(home)[-2:] == ["reset", "undo"]


def test_in_lab_a_learner_acts_beside_the_cell(lab: LabNotebook, home: LearnerHome) -> None:
    answered(lab, STARTER, MINE)
    panel = checked(lab)
    expect(panel).to_have_attribute("data-outcome", "incorrect")
    pressed(panel, "hint")
    expect(panel.locator(".upskill-hints li")).to_have_text(["Count what the list holds."])
    expect(panel.locator("[data-action=hint]")).to_be_hidden()
    expect(panel.locator("details summary")).to_have_text("Why are some cells locked?")
    start_again_and_undo(lab, home)
    # what the check says of the cell that is run now, without running the cell that checks
    answered(lab, MINE, RIGHT)
    pressed(checked_panel(lab), "check")
    expect(checked_panel(lab)).to_have_attribute("data-outcome", "passed")
    assert events(home)[-1] == "check"


def checked_panel(notebook: LabNotebook) -> Locator:
    return notebook.code(CHECK).locator(".upskill-live.upskill-panel")


def test_in_notebook_7_check_hint_new_start_and_undo_work_too(
    notebook7: LabNotebook, home: LearnerHome
) -> None:
    answered(notebook7, STARTER, MINE)
    start_again_and_undo(notebook7, home)
    panel = checked_panel(notebook7)
    pressed(panel, "hint")
    expect(panel.locator(".upskill-hints li")).to_have_count(1)
    answered(notebook7, MINE, RIGHT)
    pressed(panel, "check")
    expect(panel).to_have_attribute("data-outcome", "passed")


def test_everything_can_be_done_with_the_keyboard_and_the_focus_stays(
    lab: LabNotebook, home: LearnerHome
) -> None:
    keys = lab.lab.keyboard
    answered(lab, STARTER, MINE)
    panel = checked(lab)
    panel.locator("[data-action=check]").press("Enter")
    expect(panel.get_by_role("status")).to_have_text("Look again.")
    assert focused(lab) == "check"
    keys.press("Tab")
    by_key(lab, panel, "hint", "Space")
    # no hint is left: the focus goes to the one that came
    expect(panel.locator(".upskill-hints li")).to_be_focused()
    # only what is new is told
    expect(panel.get_by_role("status")).to_have_text("1. Count what the list holds.")
    keys.press("Tab")
    keys.press("Tab")
    by_key(lab, panel, "reset")
    expect(panel.get_by_role("group", name="Put the starter text back?")).to_be_focused()
    keys.press("Escape")
    expect(panel.locator(".upskill-sure")).to_be_hidden()
    by_key(lab, panel, "reset")
    keys.press("Tab")
    by_key(lab, panel, "yes")
    expect(panel.locator("[data-action=undo]")).to_be_focused()
    expect(lab.code(STARTER)).to_be_visible()
    by_key(lab, panel, "undo")
    expect(panel.locator(".upskill-head")).to_be_focused()
    expect(lab.code(MINE)).to_be_visible()
    for action in ("check", "reset", "Why are some cells locked?"):
        keys.press("Tab")
        assert focused(lab) == action
    keys.press("Enter")
    expect(panel.locator(".upskill-why p")).to_be_visible()


def test_an_undo_while_the_page_still_saves_is_saved_after_it(
    lab: LabNotebook, home: LearnerHome
) -> None:
    answered(lab, STARTER, MINE)
    panel = checked(lab)
    lab.save()
    lab.lab.evaluate("window.saveTakes = 3000")
    pressed(panel, "reset", "yes")
    saved(lab, home, STARTER)
    pressed(panel, "undo")
    expect(lab.code(MINE)).to_be_visible()
    # whoever asks: a widget by its keys, and JupyterLab itself
    panel.locator("[data-action=check]").press("Control+S")
    lab.code(MINE).locator(".cm-content").press("Control+S")
    saved(lab, home, MINE)
    lab.saved()
    # JupyterLab would ask whether to overwrite what somebody else has written
    expect(lab.lab.locator(".jp-Dialog")).to_have_count(0)


def test_after_a_restart_it_says_so_and_shows_the_same_again_when_it_is_run(
    lab: LabNotebook, home: LearnerHome
) -> None:
    answered(lab, STARTER, MINE)
    panel = checked(lab)
    pressed(panel, "hint")
    expect(panel.locator(".upskill-hints li")).to_have_count(1)
    lab.restart()
    pressed(panel, "check")
    expect(panel.get_by_role("status")).to_contain_text("The kernel has stopped.")
    begun(lab)
    lab.run(lab.code(MINE))
    panel = checked(lab)
    expect(panel).to_have_attribute("data-outcome", "incorrect")
    expect(panel.locator(".upskill-hints li")).to_have_count(1)
    lab.save()
    lab.lab.reload()
    lab.ready()
    expect(lab.code(CHECK)).to_contain_text("Count what the list holds.", **WAITS)


def test_an_answer_that_has_not_run_is_named_instead_of_what_ran_before(lab: LabNotebook) -> None:
    answered(lab, STARTER, MINE)
    panel = checked(lab)
    lab.write(lab.code(MINE), RIGHT)
    pressed(panel, "check")
    expect(panel.get_by_role("status")).to_contain_text("Your answer has changed since it ran.")
    expect(panel).to_have_attribute("data-outcome", "incorrect")
    lab.run(lab.code(RIGHT))
    pressed(panel, "check")
    expect(panel).to_have_attribute("data-outcome", "passed", **WAITS)
    expect(panel.get_by_role("status")).not_to_contain_text("Your answer has changed")
