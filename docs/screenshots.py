"""Takes the pictures of docs/images from a real run: ``make screenshots``.

Everything in a picture happened: a home is made in a temporary folder, the example is read, an
answer fails and passes, the unit is handed in and graded; for the trainer's side a demonstration
is played. Needs Chromium and the test extra. ``docs/images/all`` holds every picture; those that
the README shows lie in ``docs/images``. A word behind the command takes one side's alone:
``python docs/screenshots.py trainer`` or ``learner``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from journey_steps import (
    FIRST,
    UNIT,
    answer,
    begin,
    right_answer,
    solve_on_disk,
    wrong_answer,
)
from lab_notebook import LabNotebook
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from kit.model import Part
from tests.browser.conftest import ARGUMENTS
from tests.conftest import clean_environment, free_port, serve, start_kit

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
ALL = IMAGES / "all"
README = {
    "learner": {
        "home-1400-light-en": "home",
        "home-420-dark-ko": "home-narrow-korean",
        "report-1400-light-en": "finding",
        "workbook-1400-light-en": "workbook",
        "workbook-420-dark-ko": "workbook-narrow-korean",
        "completion-1400-light-en": "completion",
    },
    "trainer": {
        "cohort-1400-light-en": "cohort",
        "formgrader-1400-light-en": "formgrader",
    },
}
LIMIT = 200_000
WINDOWS = [(1400, "light"), (1400, "dark"), (420, "light"), (420, "dark")]
# cells that draw, by a piece of their source
CHARTS = {
    "raw": "wb.tools.raw_rows",
    "options": "wb.tools.options_chart",
    "kinds": "wb.tools.series_chart",
    "cash": "wb.tools.cash_chart",
    "tornado": "wb.tools.tornado(ranges)",
    "futures": "wb.tools.break_even_chart",
}
GRADING_MS = 240_000


class Studio:
    """A running kit in one language, and a browser that looks at it."""

    def __init__(self, browser: Browser, kit: Any, language: str) -> None:
        self.browser, self.kit, self.language = browser, kit, language

    @contextmanager
    def window(self, width: int = 1400, scheme: str = "light", path: str = "") -> Iterator[Page]:
        """A fresh window on the home page, or on another page of the same server."""
        size = {"width": width, "height": 900}
        context = self.browser.new_context(viewport=size, color_scheme=scheme)
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.goto(self.kit.home_url)
        if path:
            # a file of the learner's is only given to a page of the same server
            page.goto(self.kit.url + path, referer=self.kit.home_url)
        yield page
        context.close()

    @contextmanager
    def notebook(self, width: int = 1400, scheme: str = "light") -> Iterator[LabNotebook]:
        """The practice workbook in a fresh window."""
        path = f"lab/tree/{UNIT.assignment(Part.PRACTICE)}/workbook.ipynb"
        with self.window(width, scheme, path) as page:
            yield LabNotebook(page).ready()

    def keep(self, what: Page | Locator, name: str, width: int, scheme: str, **how: Any) -> None:
        """Write one picture to docs/images/all."""
        keep(what, f"{name}-{width}-{scheme}-{self.language}", **how)


def main(*sides: str) -> None:
    """Take the pictures of these sides (none named: both), then choose those of the README."""
    chosen = [side for side in ("learner", "trainer") if side in sides or not sides]
    if not sides:
        shutil.rmtree(ALL, ignore_errors=True)
    ALL.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("UPSKILL_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for language in ("en", "ko"):
            for side in chosen:
                SIDES[side](browser, Path(folder) / language, language)
                # at once, and none but these: the folder may hold older ones of the other side
                for source, name in README[side].items():
                    if source.endswith(f"-{language}"):
                        publish(ALL / f"{source}.png", IMAGES / f"{name}.png")
        browser.close()


def take_learner(browser: Browser, folder: Path, language: str) -> None:
    """What a learner sees, from the first finding to completion."""
    kit = start_kit(folder / "home", language)
    try:
        take_all(Studio(browser, kit, language))
    finally:
        kit.stop()


def take_trainer(browser: Browser, folder: Path, language: str) -> None:
    """What a trainer sees of a demonstration: the report, and Formgrader with the rubric."""
    demo = folder / "demo"
    play = [sys.executable, "-m", "kit", "demo", "--out", str(demo), "--lang", language]
    subprocess.run(play, env=clean_environment(HOME=str(folder.parent)), check=True)
    for width, scheme in WINDOWS:
        context = browser.new_context(
            viewport={"width": width, "height": 1000}, color_scheme=scheme
        )
        page = context.new_page()
        page.goto((demo / "report.html").as_uri())
        for name, whole in (("cohort", False), ("cohort-whole", True)):
            keep(page, f"{name}-{width}-{scheme}-{language}", full_page=whole)
        context.close()
    with formgrader(demo / "course", language) as address:
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.goto(address)
        show_rubric(page, address.partition("?")[0], demo / "course")
        keep(page, f"formgrader-1400-light-{language}")
        context.close()


@contextmanager
def formgrader(course: Path, language: str) -> Iterator[str]:
    """A running ``upskill formgrader``; the address that it prints."""
    command = [sys.executable, "-m", "kit", "formgrader", "--course", str(course), "--no-browser"]
    server = serve([*command, "--port", str(free_port())], clean_environment(UPSKILL_LANG=language))
    try:
        yield server.address
    finally:
        server.stop()


def show_rubric(page: Page, address: str, course: Path) -> None:
    """Open the work that waits for a person, at its first rubric."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "demo") as gradebook:
        waiting = next(
            row
            for row in gradebook.assignment_submissions(UNIT.assignment(Part.GRADED))
            if row.needs_manual_grade
        )
        number = waiting.notebooks[0].id
    page.goto(f"{address}/submissions/{number}/")
    page.wait_for_function("formgrader.loaded && formgrader.grades.loaded")
    rubric = page.locator(".upskill-rubric").first
    expect(rubric).to_be_visible()
    # Formgrader goes to the first score by itself
    page.wait_for_timeout(1500)
    # its ring around Next is no part of what the picture is about
    page.evaluate("document.activeElement.blur()")
    rubric.evaluate("(node) => { node.style.scrollMarginTop = '260px'; node.scrollIntoView(); }")
    page.wait_for_timeout(500)


SIDES = {"learner": take_learner, "trainer": take_trainer}


def take_all(studio: Studio) -> None:
    """One language: finding, workbook, charts, home, completion."""
    with studio.window() as page:
        # the built-in example says on every picture that it was not measured
        page.click("#example")
        report = page.locator("#finding a[target=_blank]").first.get_attribute("href") or ""
    take_report(studio, report.lstrip("/"))
    take_workbook(studio)
    solve_on_disk(studio.kit.home, Part.PRACTICE)
    solve_on_disk(studio.kit.home, Part.GRADED)
    for width, scheme in WINDOWS:
        take_charts(studio, width, scheme)
    hand_in(studio)
    for width, scheme in WINDOWS:
        with studio.window(width, scheme) as page:
            studio.keep(page, "completion", width, scheme)
            area = page.locator(f"#hand-in-{UNIT.id}")
            studio.keep(area, "hand-in", width, scheme)


def take_report(studio: Studio, path: str) -> None:
    """The finding's report."""
    for width, scheme in WINDOWS:
        with studio.window(width, scheme, path) as page:
            expect(page.locator("svg[role=img]:visible").first).to_be_visible()
            studio.keep(page, "report", width, scheme)


def take_workbook(studio: Studio) -> None:
    """The panel after a mistake with a hint, then after the pass; the home page beside."""
    with studio.notebook() as notebook:
        begin(notebook)
        items = notebook.code('wb.items("pre")')
        notebook.run(items)
        expect(items.locator(".upskill-item")).not_to_have_count(0)
        answer(notebook, wrong_answer())
        panel = check_cell(notebook).locator(".upskill-live.upskill-panel")
        panel.locator("[data-action=hint]").click()
        expect(panel.locator(".upskill-hints li")).to_have_count(1)
        for width, scheme in WINDOWS:
            notebook.lab.emulate_media(color_scheme=scheme)
            notebook.lab.set_viewport_size({"width": width, "height": 900})
            show(notebook, notebook.code("def clean(raw)"))
            studio.keep(notebook.lab, "workbook", width, scheme)
            show(notebook, items)
            studio.keep(notebook.lab, "items", width, scheme)
        notebook.lab.set_viewport_size({"width": 1400, "height": 900})
        answer(notebook, right_answer())
        expect(panel).to_have_attribute("data-outcome", "passed")
        notebook.save()
    for width, scheme in WINDOWS:
        with studio.window(width, scheme) as page:
            studio.keep(page, "home", width, scheme)
            studio.keep(page, "home-whole", width, scheme, full_page=True)


def take_charts(studio: Studio, width: int, scheme: str) -> None:
    """Run the solved workbook in a window of its own: charts are drawn for its width."""
    with studio.notebook(width, scheme) as notebook:
        notebook.run_all()
        for name, code in CHARTS.items():
            cell = notebook.code(code)
            show(notebook, cell)
            drawn = cell.locator(".jp-RenderedVegaCommon5, .upskill-live")
            for number, chart in enumerate(drawn.all()):
                chart.scroll_into_view_if_needed()
                notebook.lab.wait_for_timeout(300)
                studio.keep(chart, f"chart-{name}{number or ''}", width, scheme)
        show(notebook, check_cell(notebook))
        studio.keep(notebook.lab, "passed", width, scheme)
        notebook.save()


def hand_in(studio: Studio) -> None:
    """Hand in, and judge oneself by the highest level."""
    with studio.window() as page:
        page.click(f"[data-submit={UNIT.id}]")
        rating = page.locator("form.rating")
        expect(rating).to_be_visible(timeout=GRADING_MS)
        for group in rating.locator("fieldset").all():
            group.locator("input[value='3']").check()
        rating.get_by_role("button").click()
        expect(page.locator(f"#hand-in-{UNIT.id} .note.good")).to_be_visible(timeout=GRADING_MS)


def check_cell(notebook: LabNotebook) -> Locator:
    """The cell that checks the first exercise."""
    return notebook.code(f'wb.check("{FIRST}")')


def show(notebook: LabNotebook, cell: Locator) -> None:
    """Bring a cell to the top of the window and let what it draws settle."""
    cell.evaluate("(node) => node.scrollIntoView({ block: 'start' })")
    notebook.lab.wait_for_timeout(600)
    cell.evaluate("(node) => node.scrollIntoView({ block: 'start' })")
    notebook.lab.wait_for_timeout(300)


def keep(what: Page | Locator, name: str, **how: Any) -> None:
    """Write one picture to docs/images/all."""
    file = ALL / f"{name}.png"
    what.screenshot(path=file, animations="disabled", **how)
    print(file.relative_to(ROOT))


def publish(source: Path, target: Path) -> None:
    """Copy a picture for the README with a palette, which keeps it small."""
    Image.open(source).convert("RGB").quantize(128).save(target, optimize=True)
    if target.stat().st_size > LIMIT:
        raise SystemExit(f"{target} is larger than {LIMIT} bytes.")
    print(target.relative_to(ROOT), target.stat().st_size)


if __name__ == "__main__":
    main(*sys.argv[1:])
