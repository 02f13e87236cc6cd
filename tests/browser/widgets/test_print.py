"""On paper every widget is black on white and whole, in whatever theme it was on the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from gallery_page import GalleryPage
from nbconvert import HTMLExporter
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from kit.cli.gallery import path_of
from kit.gallery import find_page, page_names

pytestmark = pytest.mark.browser
WHITE = (255, 255, 255)
# what can only be pressed is of no use on paper
CONTROLS = (
    "button, input, .upskill-actions, .upskill-why, .dt-paging, .dt-length, .dt-search, "
    "thead tr:nth-child(2)"
)
TEXTS = """
(root, controls) => {
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: holds, textContent: text } = walker.currentNode;
    if (text.trim() && holds.checkVisibility() && !holds.closest(controls)) found.push(text.trim());
  }
  return found;
}
"""
CLIPPED = """
(root) => [...root.querySelectorAll("input[type=text], textarea")]
  .filter((one) => one.checkVisibility())
  .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
  .map((one) => one.value)
"""
LIGHT = """
(root) => [root, ...root.querySelectorAll("*")]
  .filter((one) => one.checkVisibility() && !one.closest(".upskill-sign, :disabled"))
  .filter((one) => [...one.childNodes].some((inner) => inner.nodeType === 3 && inner.data.trim()))
  .filter((one) => getComputedStyle(one).color.match(/\\d+/g).slice(0, 3).every((c) => c > 140))
  .map((one) => one.textContent)
"""
# the home page is a page of the server, and has a style of its own
WIDGETS = [name for name in page_names() if name != "home"]


def ground(drawn: Locator) -> tuple[int, ...]:
    """The colour that most of it has."""
    picture = Image.open(BytesIO(drawn.screenshot())).convert("RGB")
    return Counter(picture.get_flattened_data()).most_common(1)[0][0]


@pytest.mark.parametrize("name", WIDGETS)
def test_every_state_is_whole_and_black_on_white(
    gallery: Callable[..., GalleryPage], name: str
) -> None:
    page = gallery(name)
    drawn = [page.shown(example) for example in find_page(name).examples]
    page.wear("dark")
    on_screen = [one.evaluate(TEXTS, CONTROLS) for one in drawn]
    page.notebook.lab.emulate_media(media="print", color_scheme="dark")
    page.notebook.lab.wait_for_timeout(300)
    for one, texts in zip(drawn, on_screen, strict=True):
        assert set(texts) <= set(one.evaluate(TEXTS, CONTROLS))
        assert one.evaluate(CLIPPED) == []
        assert one.evaluate(LIGHT) == []
        assert ground(one) == WHITE
        expect(one.locator("button:visible")).to_have_count(0)


def test_what_jupyterlab_prints_holds_the_words_and_nothing_of_a_kernel(
    gallery: Callable[..., GalleryPage], home: Path, browser: Browser
) -> None:
    page = gallery("panel")
    # an earlier visit may have saved the other language's
    page.notebook.menu(1, "editmenu:clear-all")
    for example in find_page("panel").examples:
        page.shown(example)
    page.notebook.save()
    # its command for printing opens the page that nbconvert makes
    body, _resources = HTMLExporter().from_filename(str(home / path_of("panel")))
    with browser.new_context(offline=True, color_scheme="dark") as context:
        paper = context.new_page()
        paper.set_content(body, wait_until="domcontentloaded")
        paper.emulate_media(media="print", color_scheme="dark")
        words = paper.locator(".upskill-static")
        expect(words).to_have_count(len(find_page("panel").examples))
        expect(words.filter(has_text="KeyError, in the check")).to_be_visible()
        expect(paper.get_by_text("KeyError, in the check")).to_be_visible()
        for hidden in ("The kernel has stopped.", "Why are some cells locked?"):
            expect(paper.get_by_text(hidden).locator("visible=true")).to_have_count(0)
        assert {ground(one) for one in words.all()} == {WHITE}
