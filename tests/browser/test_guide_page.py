"""The facilitator's guide in a browser: legible in both themes, narrow, and complete on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import Browser, Page

from kit.content import find_unit
from kit.gate.guide import make_guide, render

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
# folded text that a reader would not see
HIDDEN = """
() => [...document.querySelectorAll("details > :not(summary)")]
  .filter((node) => !node.checkVisibility()).length
"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module", params=["en", "ko"])
def guide_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("guide") / "guide.html"
    page = render(make_guide(find_unit("rightsizing"), request.param))
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture
def open_guide(browser: Browser, guide_file: Path) -> Iterator[Open]:
    """Opens the page from its file; at the end nothing but that file was asked for."""
    contexts, asked = [], []

    def open_it(**options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: asked.append(message.text))
        page.goto(guide_file.as_uri())
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert set(asked) == {guide_file.as_uri()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_with_everything_open_in_both_themes(
    open_guide: Open, scheme: str, require_or_skip: Callable[[str], None]
) -> None:
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        require_or_skip("axe-playwright-python is not installed")
    page = open_guide(color_scheme=scheme)
    page.evaluate("() => document.querySelectorAll('details').forEach((d) => d.open = true)")
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == []


@pytest.mark.parametrize("width", [420, 1400])
def test_it_is_never_wider_than_the_window(open_guide: Open, width: int) -> None:
    page = open_guide(viewport={"width": width, "height": 900})
    page.evaluate("() => document.querySelectorAll('details').forEach((d) => d.open = true)")
    assert page.evaluate(TOO_WIDE) == 0


def test_paper_shows_what_the_screen_folds(open_guide: Open) -> None:
    page = open_guide(viewport={"width": 700, "height": 900})
    assert page.evaluate(HIDDEN) > 100
    page.emulate_media(media="print")
    assert page.evaluate(HIDDEN) == 0
    assert page.evaluate(TOO_WIDE) == 0
