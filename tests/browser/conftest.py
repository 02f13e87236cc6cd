"""A real JupyterLab, started as a learner starts it, in a real Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# a first start of Lab on a busy machine
PATIENCE_MS = 90_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser(require_or_skip: Callable[[str], NoReturn]) -> Iterator[Browser]:
    """The system's Chromium; UPSKILL_CHROMIUM names another one."""
    path = os.environ.get("UPSKILL_CHROMIUM") or shutil.which("chromium")
    if not path:
        require_or_skip("no chromium; install it or set UPSKILL_CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_file(browser: Browser) -> Iterator[Callable[..., Page]]:
    """``open_file(path, viewport=...)``; at the end nothing but those files was asked for."""
    contexts: list[BrowserContext] = []
    opened: set[str] = set()
    asked: set[str] = set()

    def show(path: Path, **options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("request", lambda request: asked.add(request.url))
        # a script that the page's policy has stopped leaves a trace here only
        page.on("console", lambda message: asked.add(message.text))
        opened.add(path.as_uri())
        page.goto(path.as_uri())
        return page

    yield show
    for context in contexts:
        context.close()
    assert asked == opened


@pytest.fixture(scope="session")
def kit(request: pytest.FixtureRequest, launch, put_notebook, tmp_path_factory) -> Any:
    """The running kit. Parametrise indirectly with a language; English without."""
    language = getattr(request, "param", "en")
    home = tmp_path_factory.mktemp(f"browser-{language}") / "home"
    put_notebook(home)
    return launch(home, language)


@dataclass
class Seen:
    """What the browser noticed while a test ran."""

    foreign: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _request(self, request: Any) -> None:
        here = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
        if not request.url.startswith(here):
            self.foreign.append(request.url)

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.refused.append(f"{response.status} {response.url}")

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)


@dataclass
class Visit:
    """One learner's browser: a window, and what was seen in all its tabs."""

    context: BrowserContext
    seen: Seen
    kit: Any

    def open_home(self) -> Page:
        """The home page, as from the printed address."""
        ended = self.kit.process.poll()
        assert ended is None, f"the server ended with {ended}:\n{''.join(self.kit.printed)}"
        page = self.context.new_page()
        page.goto(self.kit.home_url)
        return page

    def click_into_lab(self, page: Page, selector: str) -> Page:
        """Click a link that opens Lab; returns Lab's tab when its kernel is idle."""
        with self.context.expect_page() as opened:
            page.click(selector)
        lab = opened.value
        lab.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=PATIENCE_MS)
        idle = ".jp-NotebookPanel .jp-Notebook-ExecutionIndicator[data-status=idle]"
        lab.wait_for_selector(idle, timeout=PATIENCE_MS)
        return lab


@contextmanager
def visiting(browser: Browser, kit: Any) -> Iterator[Callable[..., Visit]]:
    """Windows to be opened; at its end they close, and nothing foreign was asked for."""
    visits: list[Visit] = []

    def make(width: int = 1400, height: int = 900, **options: Any) -> Visit:
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, **options)
        context.set_default_timeout(PATIENCE_MS)
        visit = Visit(context, Seen(), kit)
        context.on("page", visit.seen.watch)
        visits.append(visit)
        return visit

    yield make
    for visit in visits:
        visit.context.close()
        assert visit.seen.foreign == []


@pytest.fixture
def new_visit(browser: Browser, kit: Any) -> Iterator[Callable[..., Visit]]:
    """``new_visit(width=420, color_scheme="dark")``; at its end nothing foreign was asked for."""
    with visiting(browser, kit) as make:
        yield make


@pytest.fixture(scope="module")
def lasting_visit(browser: Browser, kit: Any) -> Iterator[Visit]:
    """A wide, light window that the tests of a module share."""
    with visiting(browser, kit) as make:
        yield make(color_scheme="light")


@pytest.fixture
def visit(new_visit: Callable[..., Visit]) -> Visit:
    """A wide, light window."""
    return new_visit()
