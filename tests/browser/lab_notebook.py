"""A notebook in a real JupyterLab, driven as a learner drives it: keys, clicks, menus."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, Response, expect

# a cell may draw its first chart on a machine with two busy cores
PATIENCE_MS = 120_000
# asked of the server, since a narrow window has no room for Lab's indicator; a kernel that
# no tab is connected to yet would forget what it is told
IDLE = """async () => {
  const token = (document.cookie.match(/_xsrf=([^;]+)/) || [])[1];
  const answer = await fetch("/api/kernels", { headers: { "X-XSRFToken": token } });
  const kernels = await answer.json();
  return kernels.some((k) => k.connections) && kernels.every((k) => k.execution_state === "idle");
}"""
TRIES = 10
# a cell that runs shows it at once
STARTS_MS = 20_000
DONE = re.compile(r"\[\d+\]")
# numbers begin again with each kernel, so the text alone does not tell a new run
WATCH = """(node) => {
  delete node.dataset.ran;
  new MutationObserver((_changes, watcher) => {
    node.dataset.ran = "yes";
    watcher.disconnect();
  }).observe(node, { childList: true, characterData: true, subtree: true });
}"""


class LabNotebook:
    """The notebook that is open in ``lab``, a page of JupyterLab."""

    def __init__(self, lab: Page) -> None:
        self.lab = lab

    def ready(self) -> LabNotebook:
        """Wait until cells are drawn and the kernel is idle."""
        expect(self.cells.nth(5)).to_be_attached(timeout=PATIENCE_MS)
        self.idle()
        return self

    def idle(self) -> None:
        """Wait until no kernel of this home computes or has computing before it."""
        self.lab.wait_for_function(IDLE, timeout=PATIENCE_MS)
        expect(self.lab.locator(".jp-InputPrompt", has_text="*")).to_have_count(
            0, timeout=PATIENCE_MS
        )

    @property
    def cells(self) -> Locator:
        return self.lab.locator(".jp-NotebookPanel .jp-Cell")

    def code(self, text: str) -> Locator:
        """The first code cell whose source contains ``text``."""
        holds = self.lab.locator(".jp-InputArea-editor", has_text=text)
        return self.lab.locator(".jp-NotebookPanel .jp-CodeCell").filter(has=holds).first

    def write(self, cell: Locator, source: str) -> None:
        """Replace a cell's source, as by pasting."""
        editor = cell.locator(".cm-content")
        editor.scroll_into_view_if_needed()
        editor.click()
        self.lab.keyboard.press("Control+A")
        self.lab.keyboard.press("Delete")
        self.lab.keyboard.insert_text(source)

    def run(self, cell: Locator) -> Locator:
        """Run one cell and wait for its end; returns its outputs."""
        prompt = cell.locator(".jp-InputPrompt")
        # a cell is drawn anew when it comes into view, so watching begins after that
        cell.locator(".jp-InputArea-editor").click()
        # until Lab has its session, which may be after the kernel is idle, it runs nothing and
        # leaves the prompt empty: a learner presses the keys again
        for _ in range(TRIES):
            prompt.evaluate(WATCH)
            self.lab.keyboard.press("Control+Enter")
            try:
                expect(prompt).to_have_attribute("data-ran", "yes", timeout=STARTS_MS)
            except AssertionError:
                # on a busy machine the keys of a first page come to nothing at all
                cell.locator(".jp-InputArea-editor").click()
                continue
            expect(prompt).not_to_contain_text("*", timeout=PATIENCE_MS)
            if DONE.search(prompt.inner_text()):
                break
            self.lab.wait_for_timeout(500)
        expect(prompt).to_contain_text(DONE)
        return cell.locator(".jp-OutputArea-output")

    @property
    def panels(self) -> Locator:
        """The panels of checks."""
        return self.lab.locator(".jp-NotebookPanel .upskill-panel:not([data-outcome=back]):visible")

    def run_all(self) -> None:
        """Run every cell and wait for the last."""
        last = self.lab.locator(".jp-NotebookPanel .jp-CodeCell .jp-InputPrompt").last
        # what an earlier run left must not be taken for this one's end
        self.menu(1, "editmenu:clear-all")
        expect(last).to_contain_text("[ ]")
        self.menu(3, "runmenu:run-all")
        expect(last).to_contain_text(DONE, timeout=PATIENCE_MS)

    def menu(self, place: int, command: str) -> None:
        """Choose a command in one of Lab's menus, by its place: its name is translated."""
        self.lab.locator(".lm-MenuBar-item").nth(place).click()
        self.lab.locator(f".lm-Menu-item[data-command='{command}']").click()

    def restart(self) -> None:
        """Restart the kernel by the menu; Lab asks, and is told yes."""
        self.menu(4, "kernelmenu:restart")
        with self.lab.expect_response(re.compile(r"/api/kernels/[^/]+/restart")):
            self.lab.locator(".jp-Dialog button.jp-mod-accept").click()
        expect(self.lab.locator(".jp-Dialog")).to_have_count(0)
        self.idle()

    def save(self) -> None:
        """Save with the keys, and wait until it is written and the tab shows no unsaved change."""
        # Notebook 7 has no tab to tell by
        with self.lab.expect_response(_is_written, timeout=PATIENCE_MS):
            self.lab.keyboard.press("Control+S")
        self.saved()

    def saved(self) -> None:
        """Wait until the tab shows no unsaved change."""
        dirty = self.lab.locator(".lm-DockPanel-tabBar .lm-mod-current.jp-mod-dirty")
        expect(dirty).to_have_count(0)


def _is_written(response: Response) -> bool:
    return response.request.method == "PUT" and "/api/contents/" in response.url
