"""A learner's notebook runs in a fork of the server's warm process, and nobody can tell."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from lab_notebook import LabNotebook
from playwright.sync_api import Locator, expect

from kit.runner.spawn import supported

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not supported(), reason="forks need Linux"),
]
SECONDS = 120
WHO = (
    "import os, pathlib\nparent = pathlib.Path(f'/proc/{os.getppid()}/cmdline')\n"
    "print(os.getpid(), parent.read_text())"
)
SLIDER = "import ipywidgets\nslider = ipywidgets.IntSlider(7)\nslider"
SLEEP = "import time\nprint('asleep')\ntime.sleep(600)"


def warm_processes(server: int) -> list[int]:
    children = psutil.Process(server).children()
    return [child.pid for child in children if "kit.runner.live" in child.cmdline()]


def until(done: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < end
        time.sleep(0.2)


def says(notebook: LabNotebook, cell: Locator, code: str) -> str:
    notebook.write(cell, code)
    return notebook.run(cell).inner_text()


def forked(notebook: LabNotebook, cell: Locator) -> int:
    """Process id of a kernel that is a fork; before the warm process is ready it is none."""
    for _ in range(20):
        pid, _, parent = says(notebook, cell, WHO).partition(" ")
        if "kit.runner.live" in parent:
            return int(pid)
        notebook.restart()
    pytest.fail("no kernel was forked")


def test_a_cell_a_widget_an_interrupt_and_a_death(new_visit):
    visit = new_visit()
    lab = visit.click_into_lab(visit.open_home(), "#continue")
    notebook = LabNotebook(lab).ready()
    server = visit.kit.process.pid
    until(lambda: warm_processes(server))
    first, second = (notebook.cells.nth(place) for place in (1, 3))
    kernel = forked(notebook, first)

    notebook.write(first, SLIDER)
    notebook.run(first)
    handle = first.locator(".noUi-handle")
    handle.focus()
    lab.keyboard.press("ArrowRight")
    expect(first.locator(".widget-readout")).to_have_text("8")
    assert says(notebook, second, "slider.value") == "8"

    notebook.write(first, SLEEP)
    first.locator(".jp-InputArea-editor").click()
    lab.keyboard.press("Control+Enter")
    expect(first.locator(".jp-OutputArea-output")).to_contain_text("asleep")
    notebook.menu(4, "kernelmenu:interrupt")
    expect(first.locator(".jp-OutputArea-output").last).to_contain_text("KeyboardInterrupt")

    os.kill(kernel, signal.SIGKILL)
    # Jupyter notices, starts another one and says so
    lab.locator(".jp-Dialog button").first.click()
    notebook.idle()
    assert forked(notebook, first) != kernel


def test_a_killed_server_leaves_no_process(launch, put_notebook, tmp_path, browser):
    home = tmp_path / "home"
    put_notebook(home)
    kit = launch(home)
    until(lambda: warm_processes(kit.process.pid))
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(kit.home_url)
        with context.expect_page() as opened:
            page.click("#continue")
        notebook = LabNotebook(opened.value).ready()
        kernel = forked(notebook, notebook.cells.nth(1))
        left = [kernel, *warm_processes(kit.process.pid)]
        kit.process.kill()
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left))
