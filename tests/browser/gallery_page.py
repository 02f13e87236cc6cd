"""A page of the gallery in a real JupyterLab or Notebook 7: what every widget's tests share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from lab_notebook import PATIENCE_MS, LabNotebook
from playwright.sync_api import Locator, Page, expect

from kit.cli.gallery import path_of
from kit.gallery import find_page

LANGUAGES = ("en", "ko")
SCHEMES = ("light", "dark")
OVERHANG = """
(drawn) => [...document.querySelectorAll(drawn)]
  .flatMap((whole) => [whole, ...whole.querySelectorAll("*")])
  .filter((n) => n.checkVisibility())
  .filter((n) => n.getBoundingClientRect().right > innerWidth + 0.5)
  .map((n) => `${n.tagName} ${n.className} ${n.textContent.trim().slice(0, 60)}`)
"""
WIDE, NARROW = 1400, 420


@dataclass
class GalleryPage:
    """The open page of one widget; ``host`` is "lab" or "notebook"."""

    name: str
    notebook: LabNotebook
    host: str

    def cell(self, example: str, language: str = "en") -> Locator:
        """The cell of one example."""
        return self.notebook.code(f'"{example}", "{language}"')

    def shown(self, example: str, language: str = "en") -> Locator:
        """Run the cell of one example; returns its widget."""
        cell = self.cell(example, language)
        self.notebook.run(cell)
        widget = cell.locator(self.drawn)
        expect(widget).to_be_visible(timeout=PATIENCE_MS)
        return widget

    @property
    def drawn(self) -> str:
        """Selects what an example of this page draws."""
        return find_page(self.name).drawn

    def setup(self) -> GalleryPage:
        """Run the first cell, which imports the gallery."""
        self.notebook.run(self.notebook.code("from kit.gallery"))
        return self

    def python(self, expression: str) -> str:
        """What Python says of an expression; the first cell serves for asking."""
        first = self.notebook.code("from kit.gallery")
        self.notebook.write(first, f"from kit.gallery import show\n{expression}")
        self.notebook.run(first)
        return first.locator(".jp-OutputArea-output").last.inner_text()

    def wear(self, scheme: str) -> None:
        """Change the system's theme, which JupyterLab follows."""
        page = self.notebook.lab
        page.emulate_media(color_scheme=scheme)
        light = str(scheme == "light").lower()
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", light)
        # a transition that still runs is measured half-way
        page.wait_for_timeout(300)

    def faults(self, scheme: str) -> list[tuple[str, list[str]]]:
        """What axe finds in the widgets in this theme: the rule, and what breaks it."""
        self.wear(scheme)
        found = Axe().run(self.notebook.lab, context=self.drawn).response["violations"]
        return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]

    def too_wide(self, width: int = NARROW) -> list[str]:
        """What reaches over the edge of a window of this width."""
        page = self.notebook.lab
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)
        over: list[str] = page.evaluate(OVERHANG, self.drawn)
        page.set_viewport_size({"width": WIDE, "height": 900})
        return over

    def reopen(self) -> None:
        """Save, and load the page again, as who comes back the next day."""
        self.notebook.save()
        self.notebook.lab.reload()
        expect(self.notebook.cells.nth(2)).to_be_attached(timeout=PATIENCE_MS)


def pressed(panel: Locator, *actions: str) -> None:
    """Press buttons of an exercise panel, one after the other."""
    for action in actions:
        panel.locator(f"[data-action={action}]").click()


def end_sessions(page: Page, server: Any) -> None:
    """End every session of a server."""
    # an earlier page's kernel would be taken for this one's, and be idle too early
    sessions = f"{server.url}api/sessions"
    for session in page.request.get(f"{sessions}?token={server.token}").json():
        page.request.delete(f"{sessions}/{session['id']}?token={server.token}")


def open_page(visit: Any, server: Any, name: str, host: str = "lab") -> GalleryPage:
    """Open a widget's page, the only one of this server, and run its first cell."""
    page = visit.context.new_page()
    end_sessions(page, server)
    where = {"lab": "lab/tree/", "notebook": "notebooks/"}[host]
    page.goto(f"{server.url}{where}{path_of(name)}?reset&token={server.token}")
    notebook = LabNotebook(page)
    expect(notebook.cells.nth(1)).to_be_attached(timeout=PATIENCE_MS)
    notebook.idle()
    if page.locator("#jp-left-stack").is_visible():
        # a new workspace shows the list of files, which takes most of a narrow window
        page.keyboard.press("Control+B")
        expect(page.locator("#jp-left-stack")).to_be_hidden()
    return GalleryPage(name, notebook, host).setup()
