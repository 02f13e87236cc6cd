"""The break-even curve: the marker moves by mouse and by keys, and Python says who is cheaper."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gallery_page import WIDE, GalleryPage
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(kept: Callable[[str], GalleryPage]) -> GalleryPage:
    return kept("breakeven")


def finding(widget: Locator) -> Locator:
    return widget.locator(".upskill-finding")


def test_a_press_on_the_drawing_moves_the_marker_across_break_even(page: GalleryPage) -> None:
    widget = page.shown("plan")
    expect(finding(widget)).to_contain_text("Cloud is 22.6 million won cheaper")
    drawing = widget.locator("svg")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    assert box
    drawing.click(position={"x": box["width"] - 80, "y": 120})
    expect(finding(widget)).to_contain_text("Renewal is")
    share = float(page.python("plan_en.state['on_share']"))
    assert 0.8 < share < 0.99
    text = f"{share:.0%}, {share * 730:.0f} hours a month"
    expect(widget.locator(".upskill-handle text")).to_have_text(text)


def test_keys_alone_find_the_point_where_both_cost_the_same(page: GalleryPage) -> None:
    widget, keys = page.shown("plan"), page.notebook.lab.keyboard
    slider = widget.get_by_label("Hours on")
    slider.focus()
    for _ in range(9):
        keys.press("ArrowRight")
    expect(finding(widget)).to_contain_text("At 71% of the hours, 518 a month, Cloud is 0.9")
    keys.press("ArrowRight")
    expect(finding(widget)).to_contain_text("At 72% of the hours, 526 a month, Renewal is 1.5")
    expect(slider).to_have_attribute("aria-valuetext", "72%, 526 hours a month")
    keys.press("Home")
    expect(finding(widget)).to_contain_text("At 0% of the hours, 0 a month")
    assert page.python("plan_en.state") == "{'on_share': 0.0}"


def test_a_narrow_drawing_is_drawn_for_its_width(page: GalleryPage) -> None:
    widget = page.shown("moved", "ko")
    if page.notebook.lab.locator("#jp-left-stack").is_visible():
        page.notebook.lab.keyboard.press("Control+B")
    page.notebook.lab.set_viewport_size({"width": 420, "height": 900})
    drawing = widget.locator("svg")
    expect(drawing).not_to_have_attribute("width", "0")
    page.notebook.lab.wait_for_timeout(300)
    # shrunk as a picture, its letters could not be read
    ratio = drawing.evaluate("(n) => n.getBoundingClientRect().width / n.viewBox.baseVal.width")
    assert ratio > 0.9
    page.notebook.lab.set_viewport_size({"width": WIDE, "height": 900})


def test_markup_in_a_finding_stays_text(page: GalleryPage) -> None:
    widget = page.shown("plan")
    hostile = '<img src=x onerror="document.title=1">'
    view = f"{{**plan_en.view, 'sentence': {hostile!r}}}"
    page.python(f"[setattr(plan_en, 'view', {view})]")
    expect(finding(widget)).to_have_text(hostile)
    expect(widget.locator("img")).to_have_count(0)


def test_without_a_kernel_the_marker_moves_and_says_that_nobody_answers(page: GalleryPage) -> None:
    widget = page.shown("plan")
    page.notebook.restart()
    widget.get_by_label("Hours on").focus()
    page.notebook.lab.keyboard.press("End")
    expect(widget.get_by_role("status")).to_contain_text("The kernel has stopped.")
    expect(widget.locator(".upskill-handle text")).to_contain_text("100%")
    page.setup()
    again = page.shown("plan")
    expect(finding(again)).to_contain_text("At 62% of the hours")
