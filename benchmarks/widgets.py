"""Widgets: importing all of them, and each one's first picture in a real browser.

The clock of a picture begins when JupyterLab has made the place of a cell's first output, and
ends two frames after the widget stands in the page: fetching its state from the kernel and
loading its script are in it. Beside it a slider of ipywidgets in the same page.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.rows import Row

GOAL_IMPORT, GOAL_RENDER = 0.5, 0.15
PATIENCE_MS = 120_000
_IMPORT = "import time; t = time.perf_counter(); {}; print(time.perf_counter() - t)"
_PEER = "import ipywidgets\nslider = ipywidgets.IntSlider(7)\nslider"
# the first children of an output area are stamped; of a widget in it the age is kept
_CLOCK = """
window.ages = [];
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      if (node.nodeType !== 1) continue;
      const place = node.closest(".jp-OutputArea");
      if (place && place.stamp === undefined) place.stamp = performance.now();
      const drawn = node.matches(SHOWN) ? node : node.querySelector(SHOWN);
      if (!drawn || !place || place.told) continue;
      place.told = true;
      const painted = () => window.ages.push((performance.now() - place.stamp) / 1000);
      requestAnimationFrame(() => requestAnimationFrame(painted));
    }
  }
}).observe(document, { childList: true, subtree: true });
""".replace("SHOWN", '".upskill-live, .widget-slider"')


def rows(rounds: int) -> list[Row]:
    """One row for the imports and one for each widget; the first example of its page."""
    return [_imports(rounds), *_pictures(rounds)]


def _imports(rounds: int) -> Row:
    folder = Path(__file__).parents[1] / "kit" / "widgets"
    names = [path.stem for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]
    every = "import " + ", ".join(f"kit.widgets.{name}" for name in names)
    ours, peer = [], []
    for _ in range(rounds):
        ours.append(_seconds(every))
        peer.append(_seconds("import anywidget"))
    return Row(
        f"importing all {len(names)} modules of widgets",
        ours,
        "import anywidget",
        peer,
        GOAL_IMPORT,
    )


def _seconds(statement: str) -> float:
    command = [sys.executable, "-c", _IMPORT.format(statement)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _pictures(rounds: int) -> Iterator[Row]:
    from kit.gallery import Page, find_page, page_names

    with tempfile.TemporaryDirectory() as base, _gallery(Path(base) / "home") as opened:
        # the other pages show what is no widget
        for name in (name for name in page_names() if find_page(name).drawn == Page.drawn):
            ours, peer = [], []
            example = next(iter(find_page(name).examples))
            for _ in range(rounds):
                page = opened(name)
                ours.append(_age(page, partial(page.shown, example)))
                peer.append(_age(page, partial(_slider, page)))
                page.notebook.lab.close()
            yield Row(f"first picture of {name}", ours, "ipywidgets.IntSlider", peer, GOAL_RENDER)


def _age(page: Any, act: Any) -> float:
    lab = page.notebook.lab
    before = lab.evaluate("window.ages.length")
    act()
    lab.wait_for_function(f"window.ages.length > {before}", timeout=PATIENCE_MS)
    return float(lab.evaluate("window.ages.at(-1)"))


def _slider(page: Any) -> None:
    page.notebook.write(page.notebook.cells.last, _PEER)
    page.notebook.run(page.notebook.cells.last)


@contextmanager
def _gallery(home: Path) -> Iterator[Any]:
    """``opened(name)``: a page of the gallery in a JupyterLab and a Chromium of its own."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))
    from gallery_page import open_page
    from playwright.sync_api import sync_playwright

    from kit.cli.gallery import make_gallery_home
    from kit.gallery import page_names
    from tests.browser.conftest import ARGUMENTS
    from tests.conftest import start_kit

    make_gallery_home(home, page_names(), ("en",))
    server = start_kit(home)
    chromium = os.environ.get("UPSKILL_CHROMIUM") or shutil.which("chromium")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            context = browser.new_context(viewport={"width": 1400, "height": 900})
            context.add_init_script(_CLOCK)
            visit = type("Visit", (), {"context": context})
            yield lambda name: open_page(visit, server, name)
            browser.close()
    finally:
        server.stop()
